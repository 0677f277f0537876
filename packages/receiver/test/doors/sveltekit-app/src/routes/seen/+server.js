import { json } from "@sveltejs/kit";
import { seen } from "../../receiver.js";

export const GET = () => json(seen);
