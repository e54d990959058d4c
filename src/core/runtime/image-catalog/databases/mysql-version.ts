/** The server's version as SQL tells it: `8.0.43`. */
export const mysqlVersion = (env: ReadonlyMap<string, string>): string =>
  (env.get("MYSQL_VERSION") ?? env.get("MARIADB_VERSION") ?? "9.4.0")
    .replace(/^1:/, "")
    .replace(/[-+].*/, "");

/** What `--version` of a program of the image prints. */
export const versionLine = (program: string, env: ReadonlyMap<string, string>): string =>
  env.has("MARIADB_VERSION")
    ? `${program} from ${mysqlVersion(env)}-MariaDB, client 15.2 for debian-linux-gnu (x86_64)\n`
    : `${program}  Ver ${mysqlVersion(env)} for Linux on x86_64 (MySQL Community Server - GPL)\n`;

export const asksForVersion = (argv: readonly string[]): boolean =>
  argv[1] === "--version" || argv[1] === "-V";
