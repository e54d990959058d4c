// Generates src/core/api/generated from a Kubernetes OpenAPI v2 document: TypeScript interfaces and the structural schema of the
// kinds below and all they reference. Descriptions stay out: they are prose, and the core needs facts.
//
//   npm run update:api -- <openapi-v2.json>
//   npm run verify:api -- <openapi-v2.json>      compares instead of writing; skips when no document is given
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generate } from "./generate-api-emit.mjs";

const TARGET = new URL("../../src/core/api/generated/", import.meta.url).pathname;

const verify = process.argv.includes("--verify");
const documentPath = process.argv.slice(2).find((argument) => !argument.startsWith("--"));

if (documentPath === undefined) {
  if (verify) {
    console.log("verify:api skipped: no OpenAPI document given (npm run verify:api -- <file>)");
    process.exit(0);
  }
  console.error("usage: npm run update:api -- <openapi-v2.json>");
  process.exit(2);
}

const files = generate(JSON.parse(readFileSync(documentPath, "utf8")).definitions);
if (verify) verifyFiles(files);
else writeFiles(files, TARGET);

/** @param {Map<string, string>} contents file name → text */
function writeFiles(contents, directory) {
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  for (const [name, text] of contents) writeFileSync(join(directory, name), text);
}

function verifyFiles(contents) {
  const fresh = mkdtempSync(join(tmpdir(), "peapod-api-"));
  try {
    writeFiles(contents, fresh);
    const read = (directory) =>
      new Map(
        readdirSync(directory)
          .sort()
          .map((name) => [name, readFileSync(join(directory, name), "utf8")]),
      );
    const committed = read(TARGET);
    const regenerated = read(fresh);
    const names = new Set([...committed.keys(), ...regenerated.keys()]);
    const different = [...names].filter((name) => committed.get(name) !== regenerated.get(name));
    if (different.length > 0) {
      console.error(`src/core/api/generated is out of step: ${different.join(", ")}`);
      console.error("run: npm run update:api -- <openapi-v2.json>");
      process.exit(1);
    }
    console.log(`verify:api: ${regenerated.size} files are in step`);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}
