import { print, readTextFile } from "../program-io.js";
import type { Subcommand } from "./agnhost.js";

const resolverWords = (text: string, keyword: string): readonly string[] =>
  text
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter(([first]) => first === keyword)
    .flatMap(([, ...words]) => words);

/** test/images/agnhost/dns/dns.go: comma-separated. */
export const dnsSuffix: Subcommand = function* (sys) {
  const text = (yield* readTextFile(sys, "/etc/resolv.conf")) ?? "";
  yield* print(sys, 1, `${resolverWords(text, "search").join(",")}\n`);
  return 0;
};

export const dnsServerList: Subcommand = function* (sys) {
  const text = (yield* readTextFile(sys, "/etc/resolv.conf")) ?? "";
  yield* print(sys, 1, `${resolverWords(text, "nameserver").join(",")}\n`);
  return 0;
};

export const etcHosts: Subcommand = function* (sys) {
  yield* print(sys, 1, `${(yield* readTextFile(sys, "/etc/hosts")) ?? ""}\n`);
  return 0;
};
