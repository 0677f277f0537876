import { toSvelteKit } from "@posthorn/receiver/sveltekit";
import { receiver } from "../../receiver.js";

export const fallback = toSvelteKit(receiver);
