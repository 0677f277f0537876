import { verifyAll } from "./verify-all.ts";

export default {
  fetch: async (request: Request): Promise<Response> =>
    Response.json(await verifyAll(await request.json())),
};
