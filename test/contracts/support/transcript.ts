import type { NestFastifyApplication } from "@nestjs/platform-fastify";
import supertest from "supertest";

/**
 * A conversation with the service as text, for people to read and for programs to repeat:
 *
 *     ### What happens
 *     POST /api/v1/namespaces/default/pods
 *     content-type: application/json
 *
 *     {"metadata":{"name":"a"}}
 *     @version = metadata.resourceVersion
 *
 *     => 201 application/json
 *     {…}
 *
 * `@name = path` keeps a value of the answer; `{{name}}` stands for it from then on, in requests and in answers.
 */
export interface Exchange {
  readonly title: string;
  readonly method: string;
  readonly path: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string;
  readonly captures: readonly (readonly [string, string])[];
  readonly answer: string;
}

export function parseTranscript(text: string): { head: string; exchanges: Exchange[] } {
  const [head = "", ...blocks] = text.split(/^### /m);
  return { head, exchanges: blocks.map(parseBlock) };
}

export function printTranscript(head: string, exchanges: readonly Exchange[]): string {
  return head + exchanges.map(printExchange).join("");
}

/** Plays one exchange. @returns it with the answer that came. @param values grows by what is captured. */
export async function play(
  application: NestFastifyApplication,
  exchange: Exchange,
  values: Map<string, string>,
): Promise<Exchange> {
  const fill = (text: string): string =>
    text.replace(/\{\{(\w+)\}\}/g, (whole, name: string) => values.get(name) ?? whole);
  const method = exchange.method.toLowerCase() as "get";
  const request = supertest(application.getHttpServer())[method](encodeURI(fill(exchange.path)));
  for (const [name, value] of exchange.headers) request.set(name, fill(value));
  request.buffer(true).parse((response, done) => {
    const chunks: Buffer[] = [];
    response.on("data", (chunk: Buffer) => chunks.push(chunk));
    response.on("end", () => done(null, Buffer.concat(chunks).toString("utf8")));
  });
  const response = await (exchange.body === "" ? request : request.send(fill(exchange.body)));
  const body = typeof response.body === "string" ? response.body : "";
  for (const [name, path] of exchange.captures) values.set(name, valueAt(body, path));
  return { ...exchange, answer: printAnswer(response.status, response.headers, body, values) };
}

function parseBlock(block: string): Exchange {
  const [asked = "", answer = ""] = block.split(/^=> /m);
  const [title = "", target = "", ...lines] = asked.split("\n");
  const [method = "", ...path] = target.split(" ");
  const end = lines.indexOf("");
  const headers = lines.slice(0, end).map((line) => splitAt(line, ": "));
  const rest = lines.slice(end + 1);
  const captures = rest.filter((line) => line.startsWith("@"));
  const body = rest
    .filter((line) => !line.startsWith("@"))
    .join("\n")
    .trim();
  return {
    title,
    method,
    path: path.join(" "),
    headers,
    body,
    captures: captures.map((line) => splitAt(line.slice(1), " = ")),
    answer: answer.trimEnd(),
  };
}

function printExchange(exchange: Exchange): string {
  const { title, method, path, headers, body, captures, answer } = exchange;
  const lines = [
    `### ${title}`,
    `${method} ${path}`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
    "",
    ...(body === "" ? [] : [body]),
    ...captures.map(([name, value]) => `@${name} = ${value}`),
    ...(body === "" && captures.length === 0 ? [] : [""]),
    `=> ${answer}`,
    "",
    "",
  ];
  return lines.join("\n");
}

const SHOWN_HEADERS = ["allow", "location", "retry-after", "warning"];

function printAnswer(
  status: number,
  headers: Record<string, string | string[] | undefined>,
  body: string,
  values: ReadonlyMap<string, string>,
): string {
  const lines = [`${status} ${String(headers["content-type"] ?? "")}`.trimEnd()];
  for (const name of SHOWN_HEADERS)
    for (const value of [headers[name] ?? []].flat()) lines.push(`${name}: ${value}`);
  const text = body.startsWith("{") ? printJson(body) : printText(body);
  if (text !== "") lines.push(text);
  let answer = lines.join("\n");
  for (const [name, value] of values)
    if (value.length > 2) answer = answer.replaceAll(value, `{{${name}}}`);
  return answer;
}

/** One value, or one a line where a stream sent several. */
function printJson(body: string): string {
  const frames = body.trimEnd().split("}\n{").join("}\n\n{").split("\n\n");
  return frames
    .map((frame) => JSON.stringify(JSON.parse(frame), hideVolatile, 2))
    .join("\n")
    .replaceAll(/kube-api-access-[a-z0-9]{5}/g, "kube-api-access-<random>");
}

function printText(body: string): string {
  return body
    .trimEnd()
    .replaceAll(/^( *uid: ).*$/gm, "$1<uid>")
    .replaceAll(/^( *resourceVersion: ).*$/gm, "$1<version>");
}

const VOLATILE: Readonly<Record<string, string>> = {
  uid: "<uid>",
  resourceVersion: "<version>",
  continue: "<token>",
};

function hideVolatile(key: string, value: unknown): unknown {
  if (key === "managedFields") return undefined;
  const hidden = VOLATILE[key];
  return hidden !== undefined && typeof value === "string" && value !== "" ? hidden : value;
}

function valueAt(body: string, path: string): string {
  let value: unknown = JSON.parse(body);
  for (const part of path.split(".")) value = (value as Record<string, unknown>)[part];
  if (typeof value !== "string") throw new Error(`${path} is not in the answer: ${body}`);
  return value;
}

function splitAt(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return [text.slice(0, at), text.slice(at + separator.length)];
}
