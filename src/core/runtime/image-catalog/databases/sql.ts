/** A result: column names and rows, or the number of rows changed. */
export type SqlResult =
  | {
      readonly kind: "rows";
      readonly columns: readonly string[];
      readonly rows: readonly (readonly string[])[];
    }
  | { readonly kind: "done"; readonly tag: string }
  | { readonly kind: "error"; readonly text: string };

/** What a statement may ask the server about itself. */
export interface SqlFacts {
  readonly version: string;
  readonly user: string;
  readonly database: string;
  readonly databases: readonly string[];
  readonly now: string;
}

/**
 * The little SQL that probes, init containers and tutorials send to see whether a server is there: constants, the server's own facts, and databases and tables
 * that remember rows as text. It is no database.
 */
export class TrivialSql {
  readonly #databases: Set<string>;
  readonly #tables = new Map<string, { columns: string[]; rows: string[][] }>();

  /** Of the client whose statement is run. */
  #database = "";

  constructor(databases: readonly string[]) {
    this.#databases = new Set(databases);
  }

  run(statement: string, facts: Omit<SqlFacts, "databases">): SqlResult {
    this.#database = facts.database;
    const text = statement.trim().replace(/;+$/, "");
    const words = text.split(/\s+/);
    switch ((words[0] ?? "").toUpperCase()) {
      case "":
        return { kind: "done", tag: "" };
      case "SELECT":
        return this.#select(text, facts);
      case "SHOW":
        return this.#show(words[1] ?? "");
      case "CREATE":
        return this.#create(text, words);
      case "DROP":
        return this.#drop(words);
      case "INSERT":
        return this.#insert(text);
      case "DELETE":
      case "TRUNCATE":
        return this.#empty(words);
      default:
        return { kind: "done", tag: (words[0] ?? "").toUpperCase() };
    }
  }

  #select(text: string, facts: Omit<SqlFacts, "databases">): SqlResult {
    const from = /^select\s+(.*?)\s+from\s+["`]?([\w.]+)["`]?/is.exec(text);
    if (from !== null) return this.#selectFrom(from[1] ?? "*", from[2] ?? "");
    const values = splitList(text.replace(/^select\s+/i, ""));
    return {
      kind: "rows",
      columns: values.map((value) => value.replace(/^.*\s+as\s+/is, "").replace(/["'`]/g, "")),
      rows: [values.map((value) => evaluate(value.replace(/\s+as\s+\S+$/i, ""), facts))],
    };
  }

  /** What a table is kept by: its name within its database. */
  #key(name: string): string {
    const plain = name
      .toLowerCase()
      .replace(/["`]/g, "")
      .replace(/^public\./, "");
    return plain.includes(".") ? plain : `${this.#database}.${plain}`;
  }

  #selectFrom(list: string, name: string): SqlResult {
    if (/^(pg_database|information_schema\.schemata)$/i.test(name))
      return { kind: "rows", columns: ["datname"], rows: [...this.#databases].map((one) => [one]) };
    const table = this.#tables.get(this.#key(name));
    if (table === undefined) return { kind: "error", text: name };
    if (/^count\(/i.test(list))
      return { kind: "rows", columns: ["count"], rows: [[String(table.rows.length)]] };
    if (list.trim() === "*") return { kind: "rows", ...table };
    const wanted = splitList(list).map((column) =>
      table.columns.indexOf(column.trim().toLowerCase()),
    );
    return {
      kind: "rows",
      columns: wanted.map((index) => table.columns[index] ?? "?column?"),
      rows: table.rows.map((row) => wanted.map((index) => row[index] ?? "")),
    };
  }

  #show(what: string): SqlResult {
    if (/^databases$/i.test(what))
      return {
        kind: "rows",
        columns: ["Database"],
        rows: [...this.#databases].sort().map((name) => [name]),
      };
    if (/^tables$/i.test(what))
      return {
        kind: "rows",
        columns: [`Tables_in_${this.#database}`],
        rows: [...this.#tables.keys()]
          .filter((key) => key.startsWith(`${this.#database}.`))
          .sort()
          .map((key) => [key.slice(this.#database.length + 1)]),
      };
    return { kind: "rows", columns: [what], rows: [] };
  }

  #create(text: string, words: readonly string[]): SqlResult {
    const kind = (words[1] ?? "").toUpperCase();
    const name = (
      /(?:if\s+not\s+exists\s+)?["`]?([\w.-]+)["`]?\s*(?:\(|$|\s)/i.exec(
        text.replace(/^create\s+\w+\s+/i, ""),
      )?.[1] ?? ""
    ).toLowerCase();
    if (kind === "DATABASE") this.#databases.add(name);
    if (kind === "TABLE" && !this.#tables.has(this.#key(name))) {
      const columns = splitList(/\((.*)\)/s.exec(text)?.[1] ?? "").map((column) =>
        (column.trim().split(/\s+/)[0] ?? "").replace(/["`]/g, "").toLowerCase(),
      );
      this.#tables.set(this.#key(name), { columns, rows: [] });
    }
    return { kind: "done", tag: `CREATE ${kind}` };
  }

  #drop(words: readonly string[]): SqlResult {
    const name = (words.at(-1) ?? "").toLowerCase().replace(/["`]/g, "");
    this.#databases.delete(name);
    this.#tables.delete(this.#key(name));
    return { kind: "done", tag: `DROP ${(words[1] ?? "").toUpperCase()}` };
  }

  #insert(text: string): SqlResult {
    const [, name = "", list, values = ""] =
      /^insert\s+into\s+["`]?([\w.]+)["`]?\s*(?:\(([^)]*)\))?\s*values\s*(.*)$/is.exec(text) ?? [];
    const table = this.#tables.get(this.#key(name));
    if (table === undefined) return { kind: "error", text: name };
    const columns =
      list === undefined
        ? table.columns
        : splitList(list).map((column) => column.trim().toLowerCase());
    const groups = values.match(/\((?:[^()']|'[^']*')*\)/g) ?? [];
    for (const group of groups) {
      const cells = splitList(group.slice(1, -1)).map(unquote);
      table.rows.push(table.columns.map((column) => cells[columns.indexOf(column)] ?? ""));
    }
    return { kind: "done", tag: `INSERT 0 ${String(groups.length)}` };
  }

  #empty(words: readonly string[]): SqlResult {
    const name = words.find((word) => this.#tables.has(this.#key(word))) ?? "";
    const table = this.#tables.get(this.#key(name));
    const count = table?.rows.length ?? 0;
    if (table !== undefined) table.rows = [];
    return { kind: "done", tag: `DELETE ${String(count)}` };
  }
}

const evaluate = (expression: string, facts: Omit<SqlFacts, "databases">): string => {
  const text = expression.trim();
  if (/^(version\(\)|@@version)$/i.test(text)) return facts.version;
  if (/^@@(?:global\.)?server_id$/i.test(text)) return "1";
  if (/^(now\(\)|current_timestamp)/i.test(text)) return facts.now;
  if (/^(current_user|user\(\)|current_user\(\)|session_user)$/i.test(text)) return facts.user;
  if (/^(database\(\)|current_database\(\))$/i.test(text)) return facts.database;
  const sum = /^(-?\d+)\s*([-+*])\s*(-?\d+)$/.exec(text);
  if (sum !== null) {
    const [left, right] = [Number(sum[1]), Number(sum[3])];
    return String(sum[2] === "+" ? left + right : sum[2] === "-" ? left - right : left * right);
  }
  return unquote(text);
};

const unquote = (text: string): string =>
  text
    .trim()
    .replace(/^'(.*)'$/s, "$1")
    .replaceAll("''", "'");

/** Splits at commas that are in no quotes and no parentheses. */
const splitList = (text: string): readonly string[] => {
  const parts: string[] = [];
  let depth = 0;
  let isQuoted = false;
  let start = 0;
  for (let i = 0; i < text.length; i += 1) {
    const character = text.charAt(i);
    if (character === "'") isQuoted = !isQuoted;
    else if (isQuoted) continue;
    else if (character === "(") depth += 1;
    else if (character === ")") depth -= 1;
    else if (character === "," && depth === 0) {
      parts.push(text.slice(start, i).trim());
      start = i + 1;
    }
  }
  parts.push(text.slice(start).trim());
  return parts.filter((part) => part !== "");
};
