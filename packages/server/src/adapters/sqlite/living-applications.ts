import type { ApplicationId } from "../../domain/ids.ts";
import type { Database } from "./database.ts";

/**
 * Whether applications are there, read once in a transaction: what is published together is mostly
 * of few applications, and to read one costs as much as to write its queue row.
 */
export class LivingApplications {
  readonly #known = new Set<ApplicationId>();
  readonly #find;

  constructor(database: Database) {
    this.#find = database.prepare<{ one: number }>(
      "SELECT 1 AS one FROM applications WHERE id = ? AND deleted_at IS NULL",
    );
  }

  has(application: ApplicationId): boolean {
    if (this.#known.has(application)) return true;
    if (this.#find.get(application) === undefined) return false;
    this.#known.add(application);
    return true;
  }

  /** One was deleted, or the transaction ends. */
  forget(): void {
    this.#known.clear();
  }
}
