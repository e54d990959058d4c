/** A path below /api or /apis, taken apart. endpoints/request/requestinfo.go, 1.34. */
export interface RequestPath {
  /** '' for the core group. */
  readonly group: string;
  readonly version: string;
  /** The old form /api/v1/watch/…, which makes a GET a watch. */
  readonly isWatchPath: boolean;
  /** null where the path names none; '' never occurs. */
  readonly namespace: string | null;
  readonly resource: string;
  readonly name: string | null;
  readonly subresource: string | null;
  /** What follows the subresource: the path a proxied request goes on with. */
  readonly rest: readonly string[];
}

/** Under namespaces/{name} these are subresources of the Namespace; anything else is a resource in it. */
const NAMESPACE_SUBRESOURCES: ReadonlySet<string> = new Set(["status", "finalize"]);

/**
 * @param path without the query.
 * @returns null when the path names no resource: it is shorter than that, or not decodable.
 */
export function parseRequestPath(path: string): RequestPath | null {
  const parts = splitPath(path);
  if (parts === null) return null;
  const [prefix, ...segments] = parts;
  const group = prefix === "api" ? "" : segments.shift();
  const version = segments.shift();
  if (group === undefined || version === undefined) return null;
  const isWatchPath = segments[0] === "watch";
  if (isWatchPath) segments.shift();
  if (segments.length === 0) return null;
  return { group, version, isWatchPath, ...parseResource(segments) };
}

type ResourcePart = Omit<RequestPath, "group" | "version" | "isWatchPath">;

function parseResource(segments: readonly string[]): ResourcePart {
  const [first = "", second, third] = segments;
  const isInNamespace =
    first === "namespaces" && third !== undefined && !NAMESPACE_SUBRESOURCES.has(third);
  const namespace = isInNamespace ? (second ?? null) : null;
  const [resource = "", name, subresource, ...rest] = isInNamespace ? segments.slice(2) : segments;
  return { namespace, resource, name: name ?? null, subresource: subresource ?? null, rest };
}

function splitPath(path: string): string[] | null {
  const trimmed = path.replace(/^\/+|\/+$/g, "");
  if (trimmed === "") return [];
  const parts = trimmed.split("/");
  if (!trimmed.includes("%")) return parts;
  try {
    return parts.map(decodeURIComponent);
  } catch {
    return null;
  }
}
