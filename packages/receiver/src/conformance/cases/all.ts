import type { CheckCase } from "../check-case.ts";
import { bodies } from "./bodies.ts";
import { events } from "./events.ts";
import { forgeries } from "./forgeries.ts";
import { genuine, headerCase, inTime, leaks, redirects, survives } from "./genuine.ts";
import { handshakes } from "./handshake.ts";
import { transport } from "./transport.ts";

/** In the order in which they run: the gentle ones first, those that look at all the answers at the end. */
export const allCases: readonly CheckCase[] = [
  genuine,
  headerCase,
  ...handshakes,
  ...forgeries,
  ...bodies,
  ...events,
  ...transport,
  survives,
  inTime,
  leaks,
  redirects,
];
