import { invalid, typeInvalid } from "../meta/field-error.js";
import type { FieldError } from "../meta/field-error.js";
import { tryParseQuantity } from "../meta/quantity.js";

/** What scripts a container when its command cannot say it (contract, "Images"): the annotation `peapod.sim/<container>`. */
export interface ContainerScript {
  readonly pullSeconds?: number;
  readonly startSeconds?: number;
  readonly runSeconds?: number;
  readonly exitCode?: number;
  readonly signal?: number;
  /** A quantity: how much memory the container takes. */
  readonly memory?: string;
  readonly log?: string;
  readonly http?: readonly ScriptedHttp[];
}

/** What the container answers on a port and path, and when: from and to are seconds after its start. */
export interface ScriptedHttp {
  readonly port: number;
  readonly path: string;
  readonly status: number;
  readonly body?: string;
  readonly fromSeconds?: number;
  readonly toSeconds?: number;
}

export const CONTAINER_SCRIPT_PREFIX = "peapod.sim/";

/** Longest scripted time: a year. */
const MAX_SECONDS = 31_536_000;
const MAX_SCRIPTED_HTTP = 64;

type Check = (value: unknown, path: string) => FieldError[];

const SCRIPT_FIELDS: Readonly<Record<string, Check>> = {
  pullSeconds: seconds,
  startSeconds: seconds,
  runSeconds: seconds,
  exitCode: integer(0, 255),
  signal: integer(1, 64),
  memory: quantity,
  log: text,
  http: httpList,
};
const HTTP_FIELDS: Readonly<Record<string, Check>> = {
  port: integer(1, 65535),
  path: absolutePath,
  status: integer(100, 599),
  body: text,
  fromSeconds: seconds,
  toSeconds: seconds,
};
const HTTP_REQUIRED = ["port", "path", "status"];

/** The script of a container; null when it has none. The annotation was validated when the pod was admitted. */
export function containerScript(
  annotations: Readonly<Record<string, string>> | undefined,
  container: string,
): ContainerScript | null {
  const annotation = annotations?.[CONTAINER_SCRIPT_PREFIX + container];
  if (annotation === undefined) return null;
  return JSON.parse(annotation) as ContainerScript;
}

/** What is wrong with the `peapod.sim/` annotations of a pod. @param path of the annotations: `metadata.annotations` */
export function validateContainerScripts(
  annotations: Readonly<Record<string, string>> | undefined,
  path: string,
): FieldError[] {
  return Object.entries(annotations ?? {})
    .filter(([key]) => key.startsWith(CONTAINER_SCRIPT_PREFIX))
    .flatMap(([key, annotation]) => validateScript(annotation, `${path}[${key}]`));
}

function validateScript(annotation: string, path: string): FieldError[] {
  let script: unknown;
  try {
    script = JSON.parse(annotation);
  } catch {
    return [invalid(path, annotation, "must be a JSON object that scripts the container")];
  }
  return record(script, path, SCRIPT_FIELDS, []);
}

function record(
  value: unknown,
  path: string,
  fields: Readonly<Record<string, Check>>,
  required: readonly string[],
): FieldError[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return [typeInvalid(path, value, "must be a JSON object")];
  }
  const errors = Object.entries(value).flatMap(([name, member]: [string, unknown]) => {
    const check = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (check !== undefined) return check(member, `${path}.${name}`);
    const known = Object.keys(fields).join(", ");
    return [invalid(`${path}.${name}`, member, `unknown field; known are: ${known}`)];
  });
  const missing = required.filter((name) => !Object.hasOwn(value, name));
  return [...errors, ...missing.map((name) => invalid(`${path}.${name}`, null, "must be given"))];
}

function seconds(value: unknown, path: string): FieldError[] {
  if (typeof value === "number" && value >= 0 && value <= MAX_SECONDS) return [];
  return [invalid(path, value, `must be a number from 0 to ${String(MAX_SECONDS)}`)];
}

function integer(minimum: number, maximum: number): Check {
  return (value, path) =>
    typeof value === "number" && Number.isInteger(value) && value >= minimum && value <= maximum
      ? []
      : [
          invalid(
            path,
            value,
            `must be a whole number from ${String(minimum)} to ${String(maximum)}`,
          ),
        ];
}

function text(value: unknown, path: string): FieldError[] {
  return typeof value === "string" ? [] : [typeInvalid(path, value, "must be a string")];
}

function absolutePath(value: unknown, path: string): FieldError[] {
  if (typeof value === "string" && value.startsWith("/")) return [];
  return [invalid(path, value, "must be a path that starts with '/'")];
}

function quantity(value: unknown, path: string): FieldError[] {
  if (typeof value !== "string") return [typeInvalid(path, value, "must be a quantity")];
  const parsed = tryParseQuantity(value);
  if (!parsed.ok) return [invalid(path, value, parsed.message)];
  return parsed.quantity.nanos < 0n ? [invalid(path, value, "must not be negative")] : [];
}

function httpList(value: unknown, path: string): FieldError[] {
  if (!Array.isArray(value) || value.length > MAX_SCRIPTED_HTTP) {
    const most = String(MAX_SCRIPTED_HTTP);
    return [typeInvalid(path, value, `must be a list of at most ${most} answers`)];
  }
  return value.flatMap((item: unknown, index) =>
    record(item, `${path}[${String(index)}]`, HTTP_FIELDS, HTTP_REQUIRED),
  );
}
