import type { Blocking, Sys } from "../../shell/index.js";
import { httpDate } from "../calendar.js";
import type { HttpRequest, HttpResponse } from "../http/http-message.js";
import { goResponse, notFound } from "./go-server.js";
import { contentType } from "./mime-types.js";
import { readFile } from "./program-io.js";

/** http.FileServer: files, index.html, and listings of directories. */
export function* serveTree(sys: Sys, root: string, request: HttpRequest): Blocking<HttpResponse> {
  const path = clean(request.path);
  const file = `${root.replace(/\/$/, "")}${path}`.replace(/(?<=.)\/+$/, "");
  if (!sys.access(file, {})) return notFound(sys);
  const stat = sys.stat(file);
  if (stat.type === "directory") {
    if (!request.path.endsWith("/"))
      return goResponse(sys, 301, "", [["Location", `${path.slice(path.lastIndexOf("/") + 1)}/`]]);
    const index = `${file === "/" ? "" : file}/index.html`;
    if (!sys.access(index, { read: true })) return listing(sys, file);
    return fileResponse(sys, index, (yield* readFile(sys, index)) ?? new Uint8Array(0));
  }
  const bytes = yield* readFile(sys, file);
  if (bytes === null) return goResponse(sys, 403, "403 Forbidden\n");
  return fileResponse(sys, file, bytes);
}

const fileResponse = (sys: Sys, path: string, bytes: Uint8Array): HttpResponse => {
  const type = contentType(path);
  return goResponse(sys, 200, bytes, [
    ["Accept-Ranges", "bytes"],
    ...(type === null ? [] : ([["Content-Type", charset(type)]] as const)),
    ["Last-Modified", httpDate(sys.stat(path).mtimeMs)],
  ]);
};

const listing = (sys: Sys, path: string): HttpResponse => {
  const rows = sys
    .readDirectory(path)
    .map(({ name, type }) => (type === "directory" ? `${name}/` : name))
    .sort()
    .map((name) => `<a href="${encodeURI(name)}">${name}</a>\n`);
  return goResponse(sys, 200, `<pre>\n${rows.join("")}</pre>\n`, [
    ["Content-Type", "text/html; charset=utf-8"],
  ]);
};

const charset = (type: string): string =>
  type.startsWith("text/") ? `${type}; charset=utf-8` : type;

const clean = (path: string): string => {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return `/${parts.join("/")}`;
};
