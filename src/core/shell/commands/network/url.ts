/** The parts of an `http` or `https` address. */
export interface WebAddress {
  readonly isTls: boolean;
  readonly user: string | null;
  readonly host: string;
  readonly port: number;
  /** With the query, without the fragment. */
  readonly target: string;
}

/** Null for another scheme or no address at all. Without a scheme it is `http`. */
export function parseAddress(text: string): WebAddress | null {
  const match =
    /^(?:([a-zA-Z][a-zA-Z0-9+.-]*):\/\/)?(?:([^@/?#]*)@)?(\[[^\]]*\]|[^:/?#]*)(?::(\d*))?([^#]*)/.exec(
      text,
    );
  if (match === null) return null;
  const [, scheme = "http", user, host = "", portText = "", rest = ""] = match;
  const isTls = scheme.toLowerCase() === "https";
  if ((!isTls && scheme.toLowerCase() !== "http") || host === "") return null;
  const port = portText === "" ? (isTls ? 443 : 80) : Number(portText);
  if (port < 1 || port > 65_535) return null;
  return {
    isTls,
    user: user === undefined ? null : decodePercent(user),
    host: host.replace(/^\[|\]$/g, ""),
    port,
    target: rest.startsWith("/") ? rest : `/${rest}`,
  };
}

/** Against the address it came from: a path alone, or a whole address. */
export function resolveLocation(from: WebAddress, location: string): WebAddress | null {
  if (/^[a-zA-Z][a-zA-Z0-9+.-]*:\/\//.test(location)) return parseAddress(location);
  if (location.startsWith("//"))
    return parseAddress(`${from.isTls ? "https" : "http"}:${location}`);
  if (location.startsWith("/")) return { ...from, target: location };
  return { ...from, target: from.target.replace(/[^/]*(\?.*)?$/, "") + location };
}

/** `host`, or `host:port` where the port is not the scheme's own. */
export function hostHeader({ host, port, isTls }: WebAddress): string {
  const name = host.includes(":") ? `[${host}]` : host;
  return port === (isTls ? 443 : 80) ? name : `${name}:${String(port)}`;
}

export function decodePercent(text: string): string {
  return text.replace(/%([0-9a-fA-F]{2})/g, (_, digits: string) =>
    String.fromCharCode(parseInt(digits, 16)),
  );
}
