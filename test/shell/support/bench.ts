import { TestMachine } from "./machine.js";
const script = process.argv[2] ?? "while true; do echo tick; sleep 1; done";
const m = new TestMachine();
const t0 = process.hrtime.bigint();
const p = m.start({ argv: ["sh", "-c", script] });
const start = m.engine.nowMs;
m.engine.runUntil(start + Number(process.argv[3] ?? 100_000) * 1000);
const ms = Number(process.hrtime.bigint() - t0) / 1e6;
console.log(ms.toFixed(0) + " ms", p.stdout.text.length / 5, m.faults);
