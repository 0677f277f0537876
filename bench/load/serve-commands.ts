/** What a child process can be asked: one argument, one answer, both cloned. */
export type Commands<T> = { readonly [Name in keyof T]: (argument: never) => unknown };

export interface Ask {
  readonly id: number;
  readonly name: string;
  readonly argument: unknown;
}

export type Told =
  | { readonly id: number; readonly kind: "value"; readonly value: unknown }
  | { readonly id: number; readonly kind: "error"; readonly message: string };

/** The child's side of `startChild`. Ends with its parent. */
export function serveCommands<T extends Commands<T>>(commands: T): void {
  const byName = new Map<string, unknown>(Object.entries(commands));
  process.on("message", ({ id, name, argument }: Ask) => {
    void answer(byName.get(name), argument).then(
      (value) => tell({ id, kind: "value", value }),
      (error: unknown) =>
        tell({
          id,
          kind: "error",
          message: error instanceof Error ? String(error.stack) : String(error),
        }),
    );
  });
  process.on("disconnect", () => process.exit(0));
}

async function answer(command: unknown, argument: unknown): Promise<unknown> {
  if (typeof command !== "function") throw new Error("there is no such command");
  return command(argument);
}

function tell(told: Told): void {
  process.send?.(told);
}
