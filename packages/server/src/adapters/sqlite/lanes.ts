import type { EndpointId } from "../../domain/ids.ts";
import type { LaneRecord } from "../../domain/lane.ts";
import type { Database } from "./database.ts";
import { parseJson, type JsonText } from "../sql/json.ts";

interface Row {
  readonly record: JsonText<LaneRecord>;
}

/** What the owner wrote of lanes that are not at rest. */
export class Lanes {
  readonly #find;
  readonly #all;
  readonly #put;
  readonly #remove;

  constructor(database: Database) {
    this.#find = database.prepare<Row>("SELECT record FROM lanes WHERE endpoint = ?");
    this.#all = database.prepare<Row>("SELECT record FROM lanes");
    this.#put = database.prepare("INSERT OR REPLACE INTO lanes (endpoint, record) VALUES (?, ?)");
    this.#remove = database.prepare("DELETE FROM lanes WHERE endpoint = ?");
  }

  laneOf(id: EndpointId): LaneRecord | undefined {
    const row = this.#find.get(id);
    return row === undefined ? undefined : parseJson(row.record);
  }

  all(): readonly LaneRecord[] {
    return this.#all.all().map((row) => parseJson(row.record));
  }

  put(record: LaneRecord): void {
    this.#put.run(record.endpoint, JSON.stringify(record));
  }

  remove(endpoint: EndpointId): void {
    this.#remove.run(endpoint);
  }
}
