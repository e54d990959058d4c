import { runCommand } from "./machine.js";
const argv = process.argv.slice(2);
const r = runCommand({ argv, limitMs: 600_000 });
process.stdout.write(Buffer.from(r.stdout, "latin1"));
process.stderr.write(Buffer.from(r.stderr, "latin1"));
console.error(`[${r.code} ${r.elapsedMs}ms]`);
