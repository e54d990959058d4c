import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findKubectls } from "./support/kubectl.js";
import { startService, type Service } from "./support/service.js";

interface Step {
  /** Words after `kubectl`. */
  readonly args: readonly string[];
  readonly expected: string;
}

const README = readFileSync(new URL("../../README.md", import.meta.url), "utf8");

/** The commands of a section of the README, each with what it says that they print. */
const stepsOf = (title: string): readonly Step[] => {
  const section = README.split(`\n## ${title}\n`)[1]?.split("\n## ")[0] ?? "";
  const blocks = [...section.matchAll(/```console\n([^]*?)```/g)].map(([, block = ""]) => block);
  return blocks
    .flatMap((block) => block.split(/^\$ /m).slice(1))
    .filter((text) => text.startsWith("kubectl "))
    .map((text) => {
      const [command = "", ...output] = text.split("\n");
      const words = [...command.matchAll(/'([^']*)'|(\S+)/g)];
      return {
        args: words.slice(1).map(([, quoted, plain]) => quoted ?? plain ?? ""),
        expected: output.join("\n"),
      };
    });
};

/** Addresses and ages differ from run to run. */
const withoutChance = (text: string): string =>
  text.replace(/\d+\.\d+\.\d+\.\d+/g, "<address>").replace(/ +\d+s$/gm, " <age>");

describe.each(findKubectls([33]))(
  "README, What containers share, with kubectl $version",
  (kubectl) => {
    let service: Service;
    beforeAll(async () => {
      service = await startService({ PEAPOD_NODES: "3" });
    });
    afterAll(() => service.stop());

    const wait = (...args: string[]) =>
      kubectl.run(service, ["wait", "--for=condition=Ready", "--timeout=60s", ...args]);

    it("prints what it says", async () => {
      const steps = stepsOf("What containers share");
      expect(steps.length).toBeGreaterThanOrEqual(10);
      let address = "";
      for (const { args, expected } of steps) {
        const filled = args.map((word) => word.replace("$IP", address));
        const { stdout, stderr } = await kubectl.run(service, filled);
        expect([args.join(" "), withoutChance(stdout + stderr)]).toEqual([
          args.join(" "),
          withoutChance(expected),
        ]);
        if (args[0] === "apply") {
          await wait("pod", "shipping", "proxied", "apart", "together", "discreet");
          // The third order is written ten seconds after the first.
          await new Promise((resolve) => setTimeout(resolve, 11_000));
          const path = ["get", "pod", "proxied", "-o", "jsonpath={.status.podIP}"];
          address = (await kubectl.run(service, path)).stdout;
        }
        if (args[0] === "create") await wait("pod/waiting");
      }
    });
  },
);
