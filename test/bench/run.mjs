// npm run bench [name…]: every figure is one JSON object on a line of its own.
import { readdirSync } from "node:fs";

const wanted = process.argv.slice(2);
const files = readdirSync(new URL(".", import.meta.url)).filter((file) =>
  file.endsWith(".bench.mjs"),
);
for (const file of files.sort()) {
  const name = file.replace(".bench.mjs", "");
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const { default: bench } = await import(new URL(file, import.meta.url));
  await bench();
}
