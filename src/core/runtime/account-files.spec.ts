import { expect, it } from "vitest";
import { TestMachine } from "./testing/test-machine.js";

const SLEEP = { command: ["sleep", "100"] };

it("HOME is what the container's own /etc/passwd says at the moment", () => {
  const machine = new TestMachine();
  const [edited, other] = [machine.start(SLEEP), machine.start(SLEEP)];
  machine.advance(1);
  const homeIn = (id: string): string => machine.exec(id, ["sh", "-c", "echo $HOME"]).stdout;
  expect(homeIn(edited)).toBe("/root\n");
  machine.exec(edited, ["sh", "-c", "echo root:x:0:0::/here:/bin/sh > /etc/passwd"]);
  expect(homeIn(edited)).toBe("/here\n");
  machine.exec(edited, ["sed", "-i", "s/here/away/", "/etc/passwd"]);
  expect([homeIn(edited), homeIn(other)]).toEqual(["/away\n", "/root\n"]);
});
