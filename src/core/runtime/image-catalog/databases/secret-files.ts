import type { Sys, Blocking } from "../../../shell/index.js";
import { print, readTextFile } from "../program-io.js";

/**
 * What the official database images' entrypoints do with `NAME_FILE`: the file's text becomes NAME (docker-entrypoint.sh, file_env).
 * @returns the environment for the server; null when both are given, which ends the entrypoint with 1
 */
export function* readSecretFiles(
  sys: Sys,
  env: ReadonlyMap<string, string>,
  names: readonly string[],
): Blocking<ReadonlyMap<string, string> | null> {
  const result = new Map(env);
  for (const name of names) {
    const path = env.get(`${name}_FILE`) ?? "";
    if (path === "") continue;
    if ((env.get(name) ?? "") !== "") {
      const problem = `error: both ${name} and ${name}_FILE are set (but are exclusive)`;
      yield* print(sys, 2, `${problem}\n`);
      return null;
    }
    const text = yield* readTextFile(sys, path);
    if (text === null) {
      const script = "/usr/local/bin/docker-entrypoint.sh";
      yield* print(sys, 2, `${script}: line 24: ${path}: No such file or directory\n`);
      return null;
    }
    result.delete(`${name}_FILE`);
    result.set(name, text.replace(/\n+$/, ""));
  }
  return result;
}
