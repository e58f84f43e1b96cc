// Takes the sandbox through the life of a case on all four interfaces, and reads every kind of response in each of its modes, with
// the types that openapi-typescript makes and the client openapi-fetch. Checks decoded values. See the README.
//
//     node driver.js [--control URL] [--break MODE]
//
// With --break, a mode is left off where it should be on, which this program has to notice.

import { createHash, randomBytes } from "node:crypto";
import { isDeepStrictEqual, parseArgs } from "node:util";
import createClient, { type Client } from "openapi-fetch";
import type { paths as CallbackPaths } from "./schema/callback.js";
import type { components as contractor, paths as ContractorPaths } from "./schema/contractor.js";
import type { paths as CrptPaths } from "./schema/crpt.js";
import type { paths as LegalCasePaths } from "./schema/legalcase.js";

let count = 0;

/** The one check that everything goes through. */
function same(got: unknown, want: unknown, what: string): void {
  if (!isDeepStrictEqual(got, want)) throw new Error(`${what}: ${JSON.stringify(got)}, not ${JSON.stringify(want)}`);
  count += 1;
}

type Result<T, E> = { data?: T; error?: E; response: Response };

/** The result of a call. */
function data<T, E>(result: Result<T, E>, what: string): NonNullable<T> {
  if (result.error !== undefined || result.data === undefined || result.data === null) {
    throw new Error(`${what}: ${result.response.status} ${JSON.stringify(result.error ?? result.data)}`);
  }
  return result.data;
}

/** The status and the body of a failure. An empty body is an empty string. */
function failure<T, E>(result: Result<T, E>, what: string): [number, E | undefined] {
  if (result.response.ok) throw new Error(`${what}: no failure, but ${JSON.stringify(result.data)}`);
  return [result.response.status, result.error];
}

/** A form with one file. openapi-fetch can't make one by itself; the type of a part is `string` in every generated type. */
function form(part: string, name: string, content: Uint8Array<ArrayBuffer>) {
  const made = new FormData();
  made.append(part, new Blob([content]), name);
  return { body: { [part]: "" } as never, bodySerializer: () => made };
}

function bytes(...parts: number[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(parts);
}

/** The control endpoint. */
class Sandbox {
  urls: Record<string, string> = {};
  constructor(private url: string, private broken?: string) {}

  async request(method: string, path: string, body?: unknown): Promise<any> {
    const headers = { "Content-Type": "application/json" };
    const response = await fetch(this.url + path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status}`);
    const text = await response.text();
    return text && JSON.parse(text);
  }

  async start(): Promise<void> {
    for (const one of await this.request("GET", "/control/interfaces")) this.urls[one.name] = one.baseUrl;
    await this.reset();
  }

  reset(): Promise<unknown> {
    return this.request("POST", "/control/reset");
  }

  mode(of: string, ...names: string[]): Promise<unknown> {
    const all = ["nulls", "unknownEnumValues", "noOffsets", "emptyFailures"];
    const modes = Object.fromEntries(all.map((name) => [name, names.includes(name) && name !== this.broken]));
    return this.request("PUT", `/control/${of}/modes`, modes);
  }
}

// ContractorPersonalArea. All three security schemes fill the same header, so each caller has a client of its own.

type Contractor = Client<ContractorPaths>;
const jsonHeaders = (authorization?: string) => (authorization ? { Authorization: authorization } : {});

function hashed(password: string, salt: Buffer): string {
  const inner = createHash("sha256").update(password, "utf8").digest();
  return createHash("sha256").update(inner).update(salt).digest("base64");
}

function contractorClient(url: string, authorization?: string): Contractor {
  return createClient<ContractorPaths>({ baseUrl: url, headers: jsonHeaders(authorization) });
}

function signIn(url: string, userName: string, password: string) {
  const salt = randomBytes(16);
  return contractorClient(url).POST("/user/signin", {
    body: { userName, salt: salt.toString("base64"), hashedPassword: hashed(password, salt) },
  });
}

async function user(url: string, userName: string, password: string): Promise<Contractor> {
  const tokens = data(await signIn(url, userName, password), "signIn");
  return contractorClient(url, `x-user ${tokens.access.token}`);
}

async function contractorSignsIn(url: string): Promise<void> {
  const salt = Buffer.from([...Array(16).keys()]);
  same(hashed("Passw0rd", salt), "QOianrwOJsclNyqZfRS7I0FUBk/9RONO6+/sTvxJvEQ=", "ASCII password");
  same(hashed("Пароль1", salt), "hbkaxVmvHj/j/Z+qOZ9F2JmoslNI851u0gbHfDUVeBE=", "Cyrillic password");
  for (const [name, password, id] of [["ivanov", "Passw0rd", 7], ["petrova", "Пароль1", 8]] as const) {
    const me = await user(url, name, password);
    same(data(await me.GET("/user/self"), "getSelf"), { id, name }, "getSelf");
  }
  const tokens = data(await signIn(url, "ivanov", "Passw0rd"), "signIn");
  same([tokens.access.expiresIn, tokens.service.expiresIn ?? null], [3_600_000, null], "expiresIn");
  const renewed = data(await contractorClient(url, `x-user-service ${tokens.service.token}`).POST("/user/token"), "renewTokens");
  same(renewed.access.token !== tokens.access.token, true, "a new token");
  same(failure(await signIn(url, "ivanov", "wrong"), "a wrong password"), [401, { errorCode: 1 }], "a wrong password");
  same(failure(await signIn(url, "sidorov", "Locked99"), "a locked user"), [401, { errorCode: 5 }], "a locked user");
}

async function contractorLife(url: string): Promise<[Contractor, Contractor, number, number, string]> {
  const desk = contractorClient(url, "x-external-system desk-key");
  const me = await user(url, "ivanov", "Passw0rd");
  const created = data(await desk.POST("/call", {
    body: {
      availableExpenditureItems: [{ name: "Проезд" }], clientName: "ООО «Ромашка»", created: "2026-03-02T08:15:00Z",
      descriptionHtmlText: "<p>Касса</p>", descriptionTextForFieldEmployee: "Касса", ownerId: 7, serviceObjectAddress: "Москва",
      serviceObjectLatitude: 55.7793, serviceObjectLongitude: 37.5863, serviceObjectName: "Магазин № 12",
      tasks: [{ title: "Заменить принтер" }], ttf: "2026-03-03T18:00:00Z",
    },
  }), "createCall");
  const [callId, taskId] = [created.id!, created.tasks![0]!.id!];
  const id = { params: { path: { id: callId } } };
  const named = { params: { path: { callId } } };
  const task = { params: { path: { id: taskId } } };
  const call = async () => data(await desk.GET("/call/{id}", id), "getCall");
  const read = await call();
  same([read.status, read.clientName, Date.parse(read.ttf!), read.commited ?? null],
    ["New", "ООО «Ромашка»", Date.UTC(2026, 2, 3, 18), null], "getCall");
  await desk.PATCH("/call/{id}", { ...id, body: { tto: "2026-03-02T12:00:00Z" } });
  const moments = data(await me.POST("/call/{id}/status", { ...id, body: { status: "Committed", comments: "Принято" } }), "status");
  same([typeof moments.commited, moments.finished ?? null], ["string", null], "setCallStatus");
  const token = data(await me.POST("/call/{callId}/templink", named), "templink");
  const shared = await contractorClient(url).GET("/shared/call", { params: { query: { token } } });
  same(data(shared, "getSharedCall").id, callId, "getSharedCall");
  const said = data(await me.POST("/call/{id}/message", { ...id, body: { message: "Выезжаю" } }), "message");
  same([said.message, said.owner?.name], ["Выезжаю", "ivanov"], "addUserMessage");
  const raised = data(await me.POST("/call/{id}/jeopardy", { ...id, body: { comment: "Нет принтера" } }), "jeopardy");
  const answer = data(await desk.POST("/call/{id}/unjeopardy", { ...id, body: { answerComment: "Выдан" } }), "unjeopardy");
  same((await call()).jeopardies?.map((one) => [one.id, one.comment, one.answerComment, one.answerDate]),
    [[raised.id, "Нет принтера", "Выдан", answer.answerDate]], "the jeopardy");
  await me.POST("/calltask/{id}/status", { ...task, body: { status: "Done" } });
  const content = bytes(...Array(10_240).keys());
  const file = data(await me.POST("/calltask/{id}/attachment", { ...task, ...form("Attachment", "акт.pdf", content) }), "upload");
  same([file.name, file.type], ["акт.pdf", "PDF"], "the file");
  const attachment = { params: { path: { id: taskId, attachmentId: file.id! } }, parseAs: "arrayBuffer" } as const;
  const downloaded = data(await me.GET("/calltask/{id}/attachment/{attachmentId}/download", attachment), "download");
  same(Buffer.from(downloaded).equals(content), true, "its bytes");
  const stored = data(await desk.GET("/calltask/{id}", task), "getCallTask");
  same(stored.result?.attachments?.map((one) => one.id), [file.id], "the result");
  await me.POST("/callCost/call/{callId}", named);
  const expenditureItemId = read.availableExpenditureItems![0]!.id!;
  const expense = data(await me.POST("/callCost/call/{callId}/expense", { ...named, body: { count: 1, expenditureItemId } }), "expense");
  const material = data(await me.POST("/callCost/call/{callId}/material", {
    ...named, body: { count: 1, name: "Принтер", ownerType: "Contractor", price: 18500.5, serialNumber: "PRN-1" },
  }), "material");
  const expenseId = { params: { path: { callId, expenseId: expense.id! } } };
  await me.PATCH("/callCost/call/{callId}/expense/{expenseId}", { ...expenseId, body: { count: 2.5 } });
  await me.POST("/callCost/status/call/{callId}", named);
  await desk.PATCH("/callCost/call/{callId}/changeApprovalStatus", {
    ...named, body: { expenses: { [expense.id!]: "Approved" }, materials: { [material.id!]: "Rejected" } },
  });
  const cost = data(await desk.GET("/callCost/call/{callId}", named), "getCallCost");
  same(cost.expenses?.map((one) => [one.count, one.status]), [[2.5, "Approved"]], "expenses");
  same(cost.materials?.map((one) => [one.price, one.ownerType, one.status]), [[18500.5, "Contractor", "Rejected"]], "materials");
  const none = await desk.GET("/callCost/call/{callId}", { params: { path: { callId: 683913 } } });
  same([none.response.status, none.data, none.error], [204, undefined, undefined], "no estimate");
  await me.POST("/call/{id}/status", { ...id, body: { status: "Done", comments: "Готово" } });
  await desk.POST("/call/{id}/close", id);
  const changes = data(await desk.GET("/call/modifications/{timestamp}", { params: { path: { timestamp: 0 } } }), "listCallChanges");
  same(changes.filter((one) => one.id === callId).map((one) => one.status), ["Closed"], "the feed");
  same(failure(await me.POST("/call/{id}/message", { ...id, body: { message: "?" } }), "closed")[0], 409, "a closed call");
  const nothing = await me.POST("/callCost/call/{callId}/expense", {
    params: { path: { callId: callId + 1 } }, body: { count: 1, expenditureItemId: 1 },
  });
  same(failure(nothing, "no call"), [404, { errorCode: 1 }], "addExpense to no call");
  return [desk, me, callId, taskId, token];
}

async function contractorModes(
  sandbox: Sandbox, desk: Contractor, me: Contractor, callId: number, taskId: number, token: string,
): Promise<void> {
  const call = async () => data(await desk.GET("/call/{id}", { params: { path: { id: callId } } }), "getCall");
  const since = { params: { path: { timestamp: 0 } } };
  const task = { params: { path: { id: taskId } } };
  const link = { params: { query: { token } } };
  /** How much each operation returns that only reads. */
  const everything = async () => {
    const lists = [
      await desk.GET("/call/modifications/{timestamp}", since), await desk.GET("/call/jeopardies/modifications/{timestamp}", since),
      await desk.GET("/call/messages/modifications/{timestamp}", since), await desk.GET("/calltask"),
    ];
    const objects = [
      await call(), data(await desk.GET("/callCost/call/{callId}", { params: { path: { callId } } }), "getCallCost"),
      data(await desk.GET("/calltask/{id}", task), "getCallTask"), data(await me.GET("/calltask/{id}/result", task), "result"),
      data(await me.GET("/user/self"), "getSelf"), data(await me.GET("/shared/call", link), "getSharedCall"),
      data(await me.GET("/shared/callTask/{id}/result", { params: { path: { id: taskId }, query: { token } } }), "shared result"),
    ];
    return [...lists.map((one) => data<unknown[], unknown>(one, "a list").length), ...objects.map((one) => typeof one)];
  };
  const before = await call();
  const allOfIt = await everything();
  for (const mode of ["nulls", "unknownEnumValues", "noOffsets"]) {
    await sandbox.mode("contractor", mode);
    same(await everything(), allOfIt, `everything with ${mode}`);
  }
  const parts = (one: contractor["schemas"]["CallDTO"]) => [one.status, one.clientName, one.ttf, one.tasks];
  await sandbox.mode("contractor", "nulls");
  same(parts(await call()), [null, null, null, null], "a call of nulls");
  const changes = data(await desk.GET("/call/modifications/{timestamp}", { params: { path: { timestamp: 0 } } }), "the feed");
  same(parts(changes[0]!), [null, null, null, null], "the feed of nulls");
  same(data(await desk.GET("/calltask/{id}", { params: { path: { id: taskId } } }), "getCallTask").result, null, "a result");
  const cost = data(await desk.GET("/callCost/call/{callId}", { params: { path: { callId } } }), "getCallCost");
  same(cost.expenses, null, "expenses that are null");
  await sandbox.mode("contractor", "unknownEnumValues");
  const known: (string | null | undefined)[] = ["New", "Committed", "Done", "Closed", null, undefined];
  const unknown = await call();
  same([known.includes(unknown.status), typeof unknown.status, unknown.clientName], [false, "string", before.clientName], "unknown");
  await sandbox.mode("contractor", "noOffsets");
  same((await call()).created, before.created!.replace(/(Z|[+-]\d\d:\d\d)$/, ""), "a time without an offset");
  await sandbox.mode("contractor", "emptyFailures");
  const missing = await desk.GET("/call/{id}", { params: { path: { id: 1 } } });
  same([missing.response.status, missing.error || ""], [404, ""], "an empty failure");
  await sandbox.mode("contractor");
}

// API BPM

/** A session: the cookies of the sign-in, and one of them as a header too. */
async function crptSession(url: string, UserName: string, UserPassword: string) {
  const { data: body, response } = await createClient<CrptPaths>({ baseUrl: url }).POST("/ServiceModel/AuthService.svc/Login", {
    params: { header: { ForceUseSession: "true" } }, body: { UserName, UserPassword },
  });
  const cookies = response.headers.getSetCookie().map((one) => one.split(";")[0]!);
  const csrf = cookies.find((one) => one.startsWith("BPMCSRF="))?.slice("BPMCSRF=".length) ?? "";
  return { body, client: createClient<CrptPaths>({ baseUrl: url, headers: { Cookie: cookies.join("; "), BPMCSRF: csrf } }) };
}

/** The place of a file. */
type CrptFile = { entitySchemaUId: string; fileId: string };

async function crptLife(url: string): Promise<[Client<CrptPaths>, string, CrptFile]> {
  const refused = await crptSession(url, "ivan.petrov", "wrong");
  same([refused.body?.Code, refused.body?.Exception?.Type], [1, "System.Security.SecurityException"], "a refused sign-in");
  same((await crptSession(url, "anna.smirnova", "Пароль1")).body?.Code, 0, "a Cyrillic password");
  const { body, client } = await crptSession(url, "ivan.petrov", "Petr0v-1");
  same(body?.Code, 0, "a sign-in");
  const root = "/0/ssp/rest/PublicWebServices";
  const number = data(await client.POST(`${root}/case`, { body: { subject: "Вопрос", symptoms: "Нет выписки" } }), "create").data!;
  const content = bytes(...Array(768).keys());
  const attached = await client.POST(`${root}/file`, {
    params: { query: { filename: "акт 1.pdf", number, totallength: content.length } },
    headers: { "Content-Type": "application/octet-stream" }, body: "", bodySerializer: () => content,
  });
  const link = data(attached, "attachFile").data!;
  const message = data(await client.POST(`${root}/message`, { body: { number, message: "Проверьте" } }), "addMessage").data!;
  const read = data(await client.GET(`${root}/case/{number}`, { params: { path: { number } } }), "getCase").data!;
  const last = read.messages.at(-1);
  same([read.subject, read.status, last?.id, last?.text], ["Вопрос", "Открыто", message, "Проверьте"], "getCase");
  const [file] = read.messages.flatMap((one) => one.files);
  same([file?.name, file?.size, file?.url], ["акт 1.pdf", "768", link], "the file");
  const [entitySchemaUId, fileId] = link.split("/").slice(-2) as [string, string];
  const downloaded = await client.GET(`${root}/file/{entitySchemaUId}/{fileId}`, {
    params: { path: { entitySchemaUId, fileId } }, parseAs: "arrayBuffer",
  });
  same(Buffer.from(data(downloaded, "downloadFile")).equals(content), true, "its bytes");
  const cases = data(await client.POST(`${root}/cases`, { body: { number } }), "listCases").data!;
  same(cases.map((one) => one.number), [number], "listCases");
  const closed = await client.POST(`${root}/update_case`, {
    body: { number: "SR00684153", status: "close", satisfactionlevel: 5 },
  });
  same(data(closed, "updateCase").data, "SR00684153", "updateCase");
  const missing = data(await client.GET(`${root}/case/{number}`, { params: { path: { number: "SR00000000" } } }), "no case");
  same([missing.data ?? null, missing.error], [null, "case not found"], "a failure under 200");
  return [client, number, { entitySchemaUId, fileId }];
}

async function crptModes(sandbox: Sandbox, url: string, client: Client<CrptPaths>, number: string, at: CrptFile): Promise<void> {
  const request = { params: { path: { number } } };
  const path = "/0/ssp/rest/PublicWebServices/case/{number}";
  /** How much each operation returns that only reads. */
  const everything = async () => {
    const cases = data(await client.POST("/0/ssp/rest/PublicWebServices/cases", { body: { number } }), "listCases");
    const one = data(await client.GET(path, request), "getCase");
    const file = await client.GET("/0/ssp/rest/PublicWebServices/file/{entitySchemaUId}/{fileId}", {
      params: { path: at }, parseAs: "arrayBuffer",
    });
    return [cases.data?.length, one.data?.messages.length, data(file, "downloadFile").byteLength];
  };
  const allOfIt = await everything();
  for (const mode of ["nulls", "unknownEnumValues", "noOffsets"]) {
    await sandbox.mode("crpt", mode);
    same(await everything(), allOfIt, `everything with ${mode}`);
  }
  await sandbox.mode("crpt", "nulls");
  const read = data(await client.GET(path, request), "nulls");
  same([read.data?.subject, read.data?.statusCode ?? null, read.error ?? null], ["Вопрос", null, null], "nulls");
  await sandbox.mode("crpt", "unknownEnumValues");
  same(data(await client.GET(path, request), "unknown").data?.status === "Открыто", false, "an unknown status");
  await sandbox.mode("crpt", "emptyFailures");
  const stranger = await createClient<CrptPaths>({ baseUrl: url }).GET(path, request);
  same([[401, 403].includes(stranger.response.status), stranger.error || ""], [true, ""], "an empty failure");
  await sandbox.mode("crpt");
}

// MSB partner API

async function legalcaseLife(url: string): Promise<Client<LegalCasePaths>> {
  const client = createClient<LegalCasePaths>({ baseUrl: url });
  const company = { inn: "7719283390", ogrn: "1187746123452", organization: "ООО «Ромашка»", tariff: "Базовый" };
  const clientId = data(await client.POST("/client", { body: company }), "registerClient").id;
  await client.PUT("/client/{clientId}", { params: { path: { clientId } }, body: company });
  const opened = await client.POST("/client/{clientId}/legalcase", {
    params: { path: { clientId } },
    body: { ogrn: company.ogrn, deal: { text: "Предоплата" }, representative: { surname: "Петров", name: "Иван" } },
  });
  const legalCaseId = data(opened, "createLegalCase").id;
  const path = { clientId, legalCaseId };
  const added = await client.POST("/client/{clientId}/legalcase/{legalCaseId}/comment", { params: { path }, body: { comment: "Вот" } });
  const commentId = data(added, "addComment").id;
  const content = bytes(...Array(1280).keys());
  const uploaded = await client.POST("/client/{clientId}/legalcase/{legalCaseId}/comments/{commentId}/document", {
    params: { path: { ...path, commentId } }, ...form("file", "договор.pdf", content),
  });
  const documentId = data(uploaded, "addDocument").id;
  const downloaded = await client.GET("/client/{clientId}/legalcase/{legalCaseId}/comments/{commentId}/document/{documentId}", {
    params: { path: { ...path, commentId, documentId } }, parseAs: "arrayBuffer",
  });
  same(Buffer.from(data(downloaded, "downloadDocument")).equals(content), true, "the document");
  same(new Set([clientId, legalCaseId, commentId, documentId]).size, 4, "four ids");
  await client.PUT("/client/{clientId}/legalcase/{legalCaseId}", { params: { path }, body: { Read: true } });
  await client.DELETE("/client/{clientId}/legalcase/{legalCaseId}/comment/{commentId}", { params: { path: { ...path, commentId } } });
  await client.DELETE("/client/{clientId}/legalcase/{legalCaseId}", { params: { path } });
  const gone = await client.POST("/client/{clientId}/legalcase/{legalCaseId}/comment", { params: { path }, body: { comment: "?" } });
  same(failure(gone as Result<unknown, unknown>, "no case")[0], 404, "a comment on no case");
  return client;
}

async function legalcaseModes(sandbox: Sandbox, client: Client<LegalCasePaths>): Promise<void> {
  await sandbox.mode("legalcase", "emptyFailures");
  const missing = await client.DELETE("/client/{clientId}", { params: { path: { clientId: "c-0" } } });
  same([missing.response.status, missing.error || ""], [404, ""], "an empty failure");
  await sandbox.mode("legalcase");
}

// CP MSP callback applications

async function callbackLife(url: string): Promise<Client<CallbackPaths>> {
  const anyone = createClient<CallbackPaths>({ baseUrl: url });
  const login = "integration@oip.example";
  const wrong = await anyone.POST("/api/v1/auth/", { body: { login, password: "?" } });
  const [status, body] = failure(wrong, "a wrong password");
  same([status, body?.statusCode, body?.data?.type], [401, 401, "Not authorized"], "a wrong password");
  const token = data(await anyone.POST("/api/v1/auth/", { body: { login, password: "Petr0v-1" } }), "authenticate").data!.token!;
  const client = createClient<CallbackPaths>({ baseUrl: url, headers: { "x-auth-jwt-token": token } });
  const batch = data(await client.GET("/api/v1/applications/", { params: { query: { limit: 2 } } }), "fetchApplications");
  same(batch.applications?.map((one) => [one.applicationId, one.dateCreation, one.opf?.trim()]),
    [["111", "2022-29-12", "legalEntity"], ["112", "2022-12-30", "entrepreneur"]], "the batch");
  const commit = (code: string) => client.GET("/api/v1/commit/{code}/", { params: { path: { code } } });
  same(data(await commit(batch.commit!), "commitBatch").statusCode, 200, "commitBatch");
  for (const report of [
    { applicationId: "111", status: "registered" }, { applicationId: "111", status: "rendered" },
    { applicationId: "112", status: "registered" }, { applicationId: "112", status: "rejected", comment: "Не ответил" },
  ] as const) {
    same(data(await client.POST("/api/v1/applications/status/", { body: report }), "reportStatus").statusCode, 200, "reportStatus");
  }
  const nobody = await client.POST("/api/v1/applications/status/", { body: { applicationId: "0", status: "registered" } });
  const [refused, reason] = failure(nobody, "no application");
  same([refused, reason?.data?.type], [400, "Application not found"], "no application");
  const unknown = data(await commit("no-such-batch"), "a failure under 200");
  same([unknown.statusCode, unknown.data?.type], [400, "Format-logical control error"], "a failure under 200");
  return client;
}

async function callbackModes(sandbox: Sandbox, url: string, client: Client<CallbackPaths>): Promise<void> {
  const batch = async (limit?: number) =>
    data(await client.GET("/api/v1/applications/", { params: { query: { limit } } }), "fetchApplications").applications!;
  const fetched = async () => (await batch(1))[0]!;
  const allOfIt = (await batch()).length;
  for (const mode of ["nulls", "unknownEnumValues", "noOffsets"]) {
    await sandbox.mode("callback", mode);
    same((await batch()).length, allOfIt, `a batch with ${mode}`);
  }
  await sandbox.mode("callback", "nulls");
  const nulls = await fetched();
  same([nulls.applicationId, nulls.surname, nulls.opf], ["113", null, null], "an application of nulls");
  await sandbox.mode("callback", "unknownEnumValues");
  const { opf } = await fetched();
  same([typeof opf, opf === "selfEmployed"], ["string", false], "an unknown legal form");
  await sandbox.mode("callback", "emptyFailures");
  const stranger = await createClient<CallbackPaths>({ baseUrl: url }).GET("/api/v1/applications/");
  same([stranger.response.status, stranger.error || ""], [401, ""], "an empty failure");
  await sandbox.mode("callback");
}

const { values } = parseArgs({
  options: { control: { type: "string", default: "http://127.0.0.1:8100" }, break: { type: "string" } },
});
const sandbox = new Sandbox(values.control, values.break);
await sandbox.start();
const { contractor: a, crpt: b, legalcase: c, callback: d } = sandbox.urls as Record<string, string>;
await contractorSignsIn(a!);
await contractorModes(sandbox, ...(await contractorLife(a!)));
await crptModes(sandbox, b!, ...(await crptLife(b!)));
await legalcaseModes(sandbox, await legalcaseLife(c!));
await callbackModes(sandbox, d!, await callbackLife(d!));
await sandbox.reset();
console.log(`${count} values are as they should be`);
