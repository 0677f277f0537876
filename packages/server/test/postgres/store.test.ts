import { describeStore } from "../conformance/store.ts";
import { openFresh } from "./open.ts";

describeStore("Postgres", openFresh);
