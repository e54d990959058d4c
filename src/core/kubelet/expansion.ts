import type { EnvVar } from "../api/index.js";

/**
 * `$(NAME)` → its value, `$$` → `$`; a name that is not known stays as it is. third_party/forked/golang/expansion/expand.go, 1.34.
 */
export function expand(input: string, valueOf: (name: string) => string | undefined): string {
  let output = "";
  let at = 0;
  while (at < input.length) {
    const dollar = input.indexOf("$", at);
    if (dollar < 0 || dollar === input.length - 1) return output + input.slice(at);
    output += input.slice(at, dollar);
    const next = input.charAt(dollar + 1);
    const close = next === "(" ? input.indexOf(")", dollar + 2) : -1;
    if (close >= 0) {
      const name = input.slice(dollar + 2, close);
      output += valueOf(name) ?? `$(${name})`;
      at = close + 1;
    } else {
      output += next === "$" ? "$" : `$${next}`;
      at = dollar + 2;
    }
  }
  return output;
}

/** For commands of probes: only environment variables with a value in the spec are known. pkg/kubelet/container/helpers.go, 1.34. */
export function expandStaticCommand(
  command: readonly string[],
  env: readonly EnvVar[],
): readonly string[] {
  const values = new Map<string, string>();
  for (const { name, value } of env) {
    if (value !== undefined && value !== "") values.set(name, value);
  }
  return command.map((word) => expand(word, (name) => values.get(name)));
}
