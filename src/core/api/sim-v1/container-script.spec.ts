import { describe, expect, it } from "vitest";
import { errorText } from "../meta/field-error.js";
import { containerScript, validateContainerScripts } from "./container-script.js";

const problems = (annotation: string): string[] =>
  validateContainerScripts(
    { "peapod.sim/web": annotation, other: "{" },
    "metadata.annotations",
  ).map(errorText);
const at = "metadata.annotations[peapod.sim/web]";

describe("container scripts", () => {
  it("reads what the contract lists", () => {
    const script = {
      pullSeconds: 1.5,
      startSeconds: 0,
      runSeconds: 10,
      exitCode: 3,
      signal: 9,
      memory: "64Mi",
      log: "hello",
      http: [{ port: 80, path: "/", status: 200, body: "x", fromSeconds: 1, toSeconds: 2 }],
    };
    const annotations = { "peapod.sim/web": JSON.stringify(script) };
    expect(problems(JSON.stringify(script))).toEqual([]);
    expect(containerScript(annotations, "web")).toEqual(script);
    expect(containerScript(annotations, "db")).toBeNull();
    expect(containerScript(undefined, "db")).toBeNull();
  });

  it.each([
    ["{", `${at}: Invalid value: "{": must be a JSON object that scripts the container`],
    ["[]", `${at}: Invalid value: []: must be a JSON object`],
    [
      '{"exitcode":1}',
      `${at}.exitcode: Invalid value: 1: unknown field; known are: pullSeconds, startSeconds, runSeconds, exitCode, signal, memory, log, http`,
    ],
    [
      '{"exitCode":256}',
      `${at}.exitCode: Invalid value: 256: must be a whole number from 0 to 255`,
    ],
    [
      '{"runSeconds":-1}',
      `${at}.runSeconds: Invalid value: -1: must be a number from 0 to 31536000`,
    ],
    ['{"memory":"-1"}', `${at}.memory: Invalid value: "-1": must not be negative`],
    ['{"log":1}', `${at}.log: Invalid value: 1: must be a string`],
    ['{"http":{}}', `${at}.http: Invalid value: {}: must be a list of at most 64 answers`],
    [
      '{"http":[{"port":80,"path":"/"}]}',
      `${at}.http[0].status: Invalid value: null: must be given`,
    ],
    [
      '{"http":[{"port":80,"path":"x","status":200}]}',
      `${at}.http[0].path: Invalid value: "x": must be a path that starts with '/'`,
    ],
  ])("refuses %s", (annotation, message) => {
    expect(problems(annotation)).toEqual([message]);
  });
});
