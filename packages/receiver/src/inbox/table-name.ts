/** Table names stand in the SQL text itself, where no parameter can stand. */
export function checkTableName(table: string): void {
  if (!/^[a-z_][a-z0-9_]{0,40}$/.test(table)) {
    throw new TypeError(
      `The inbox's table must be named in at most 41 lower-case letters, digits and "_", and "${table}" is not.`,
    );
  }
}
