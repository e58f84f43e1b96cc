// What openapi-fetch, with the types of openapi-typescript, makes of each response. Prints the name of a case and its result as
// JSON, a line each.

import { readFileSync } from "node:fs";
import createClient from "openapi-fetch";
import type { paths as Callback } from "./schema/callback.js";
import type { paths as Contractor } from "./schema/contractor.js";
import type { paths as Crpt } from "./schema/crpt.js";

const [url, file] = process.argv.slice(2) as [string, string];
const content = readFileSync(file);

async function show(name: string, call: (baseUrl: string) => Promise<{ data?: unknown; error?: unknown; response: Response }>) {
  let result: unknown;
  try {
    const { data, error, response } = await call(`${url}/${name}`);
    result = response.ok ? data ?? null : { failure: { exception: null, status: response.status, data: error } };
  } catch (error) {
    result = { failure: { exception: (error as Error).name, status: null, data: null } };
  }
  console.log(`${name}\t${JSON.stringify(result)}`);
}

const headers = { Authorization: "x-user T" };
for (const name of ["plain", "nulls", "unknown", "local", "empty"]) {
  await show(name, (baseUrl) => createClient<Contractor>({ baseUrl }).GET("/call/{id}", { params: { path: { id: 1 } } }));
}
const call = { params: { path: { id: 1 } } };
await show("nullref", (baseUrl) => createClient<Contractor>({ baseUrl }).POST("/call/{id}/message", { ...call, body: { message: "m" } }));
await show("code", (baseUrl) => createClient<Contractor>({ baseUrl }).POST("/callCost/call/{callId}/expense", {
  params: { path: { callId: 1 } }, body: { count: 1, expenditureItemId: 1 },
}));
await show("none", (baseUrl) => createClient<Contractor>({ baseUrl }).GET("/callCost/call/{callId}", { params: { path: { callId: 1 } } }));
await show("credential", (baseUrl) => createClient<Contractor>({ baseUrl, headers }).GET("/user/self"));
await show("multipart", (baseUrl) => createClient<Contractor>({ baseUrl }).POST("/calltask/{id}/attachment", {
  ...call, body: { Attachment: "" } as never, bodySerializer: () => {
    const form = new FormData();
    form.append("Attachment", new Blob([content]), "акт.pdf");
    return form;
  },
}));
const number = { params: { path: { number: "SR1" } } };
await show("success", (baseUrl) => createClient<Crpt>({ baseUrl }).GET("/0/ssp/rest/PublicWebServices/case/{number}", number));
await show("under200", (baseUrl) => createClient<Crpt>({ baseUrl }).GET("/0/ssp/rest/PublicWebServices/case/{number}", number));
await show("octets", (baseUrl) => createClient<Crpt>({ baseUrl }).POST("/0/ssp/rest/PublicWebServices/file", {
  params: { query: { filename: "акт.pdf", number: "SR1" } }, headers: { "Content-Type": "application/octet-stream" }, body: "",
  bodySerializer: () => content,
}));
await show("batch", (baseUrl) => createClient<Callback>({ baseUrl }).GET("/api/v1/applications/", {}));
await show("refused", (baseUrl) => createClient<Callback>({ baseUrl }).GET("/api/v1/applications/", {}));
