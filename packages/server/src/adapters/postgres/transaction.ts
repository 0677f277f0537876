import type { Effects } from "../sql/effects.ts";
import type { Sql } from "./database.ts";
import type { Places } from "./places.ts";

/** What reads need: where statements run, and where rows lie. */
export interface Reader {
  readonly sql: Sql;
  readonly places: Places;
}

/** A write under way: its statements share a commit, its effects count once that is done. */
export interface Transaction extends Sql {
  readonly effects: Effects;
  readonly places: Places;
}
