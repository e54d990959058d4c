// Prints which tests cite which rule of the kubelet's semantics, and the rules that no test cites.
//   node test/tools/rules.mjs [DOCUMENT] [--all] [--summary] [--update]
// The rules come from the document where it is there, else from rules.json, which `--update` writes from it. A test cites a rule when its name
// begins with the rule's number (`INIT-4: …`, `SCHED-3..5 and SCHED-12: …`); a scenario, when the first line of its input.yaml does.
// Exit code 1 when a rule of the table at the document's end has no test; with `--all`, when any rule of the document has none.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import ts from "typescript";

const TOP = new URL("../..", import.meta.url).pathname;
const LIST = new URL("rules.json", import.meta.url).pathname;
const RULE = /\b[A-Z][A-Z0-9]*-\d+\b/g;

const { values: options, positionals } = parseArgs({
  options: {
    all: { type: "boolean", default: false },
    summary: { type: "boolean", default: false },
    update: { type: "boolean", default: false },
  },
  allowPositionals: true,
});

/** `IMG-3/4` is IMG-3 and IMG-4, `SCHED-3..5` and `INIT-1 to INIT-3` are all of them. */
const rulesIn = (text) => {
  const rules = [];
  for (const [found, family, first, rest] of text.matchAll(
    /\b([A-Z][A-Z0-9]*)-(\d+)((?:\/\d+)+|\.\.\d+| to [A-Z]+-\d+)?/g,
  )) {
    const last = Number(rest?.match(/\d+$/)?.[0] ?? first);
    if (rest?.startsWith("/")) {
      for (const number of found.match(/\d+/g)) rules.push(`${family}-${number}`);
    } else {
      for (let number = Number(first); number <= last; number += 1)
        rules.push(`${family}-${number}`);
    }
  }
  return rules;
};

/** The rules of the release that is simulated; V118-n say what another one did. */
const readDocument = (path) => {
  const text = readFileSync(path, "utf8");
  const all = [...text.matchAll(/^- \*\*([A-Z0-9]+-\d+)\*\*/gm)]
    .map(([, rule]) => rule)
    .filter((rule) => !rule.startsWith("V118-"));
  const tested = [...text.matchAll(/^\| \d+ \| ([A-Z][^|]*) \|/gm)].flatMap(([, cell]) =>
    rulesIn(cell),
  );
  return { all, tested: all.filter((rule) => tested.includes(rule)) };
};

/** The part of a test's name before its colon, when it is made of rules; rows of `it.each` may have it as a column of its own. */
const citation = (text) => {
  const head = text.match(/^([^:]*)(:|$)/)?.[1] ?? "";
  const rest = head.replace(RULE, "").replace(/and|to|[\d\s,./;]/g, "");
  return rest === "" ? rulesIn(head) : [];
};

const citationsOf = (path) => {
  const text = readFileSync(path, "utf8");
  if (path.endsWith(".yaml")) {
    const line = text.split("\n", 1)[0].replace(/^#\s*/, "");
    return citation(line).map((rule) => ({ rule, name: line }));
  }
  const found = [];
  const visit = (node) => {
    const literal = ts.isTemplateExpression(node) ? node.head : node;
    if (ts.isStringLiteralLike(literal) || ts.isTemplateHead(literal)) {
      for (const rule of citation(literal.text)) found.push({ rule, name: literal.text });
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.Latest));
  return found;
};

const document = positionals[0] ?? `${TOP}../shared/kubelet-semantics.md`;
const rules = existsSync(document)
  ? readDocument(document)
  : JSON.parse(readFileSync(LIST, "utf8"));
if (options.update) writeFileSync(LIST, `${JSON.stringify(rules, null, 2)}\n`);

const tests = new Map();
const isTest = (file) => /\.(spec|e2e)\.ts$|^test\/scenarios\/[^/]+\/input\.yaml$/.test(file);
const files = ["src", "test"].flatMap((folder) =>
  readdirSync(join(TOP, folder), { recursive: true }).map((file) => join(folder, file)),
);
for (const file of files.filter(isTest).sort()) {
  for (const { rule, name } of citationsOf(join(TOP, file))) {
    const where = file.endsWith(".yaml") ? dirname(file) : file;
    const text = `${where}: ${name.replaceAll("\n", " ")}`;
    tests.set(rule, new Set([...(tests.get(rule) ?? []), text]));
  }
}

for (const rule of options.summary ? [] : rules.all) {
  console.log(`${rule}${rules.tested.includes(rule) ? "" : " (not in the table)"}`);
  for (const test of tests.get(rule) ?? []) console.log(`  ${test}`);
}
const listed = rules.all.filter((rule) => tests.has(rule)).length;
const without = rules.all.filter((rule) => !tests.has(rule));
const required = without.filter((rule) => options.all || rules.tested.includes(rule));
const unknown = [...tests.keys()].filter((rule) => !rules.all.includes(rule));
console.log(
  `\nrules of the table with a test: ${rules.tested.filter((rule) => tests.has(rule)).length}/${rules.tested.length}`,
);
console.log(`rules of the document with a test: ${listed}/${rules.all.length}`);
console.log(`rules without a test: ${without.join(" ") || "none"}`);
if (unknown.length > 0) console.log(`cited, but no rule: ${unknown.join(" ")}`);
process.exit(required.length === 0 ? 0 : 1);
