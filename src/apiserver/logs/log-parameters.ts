import { badRequest, field, invalid, parseTime, type FieldError } from "../../core/api/index.js";
import type { LogQuery } from "../cluster-port.js";
import { booleanParameter, integerParameter, textParameter } from "../resources/query-values.js";

export interface LogParameters {
  readonly query: LogQuery;
  readonly follow: boolean;
}

/** The options of pods/{name}/log (API-21). @throws StatusError 400 for a value that can't be read, 422 for one that is not allowed. */
export function parseLogParameters(
  parameters: URLSearchParams,
  namespace: string,
  pod: string,
): LogParameters {
  const container = textParameter(parameters, "container");
  const sinceTime = textParameter(parameters, "sinceTime");
  const stream = textParameter(parameters, "stream");
  const numbers = {
    sinceSeconds: integerParameter(parameters, "sinceSeconds"),
    tailLines: integerParameter(parameters, "tailLines"),
    limitBytes: integerParameter(parameters, "limitBytes"),
  };
  if (sinceTime !== undefined) checkTime(sinceTime);
  const errors = optionErrors(numbers, sinceTime, stream);
  if (errors.length > 0) throw invalid({ group: "", kind: "PodLogOptions" }, pod, errors);
  const query = {
    namespace,
    pod,
    previous: booleanParameter(parameters, "previous") ?? false,
    timestamps: booleanParameter(parameters, "timestamps") ?? false,
    ...defined({ container, sinceTime, stream, ...numbers }),
  } as LogQuery;
  return { query, follow: booleanParameter(parameters, "follow") ?? false };
}

interface Numbers {
  readonly sinceSeconds: number | undefined;
  readonly tailLines: number | undefined;
  readonly limitBytes: number | undefined;
}

/** pkg/apis/core/validation/validation.go `ValidatePodLogOptions`, 1.34. */
function optionErrors(
  { sinceSeconds, tailLines, limitBytes }: Numbers,
  sinceTime: string | undefined,
  stream: string | undefined,
): FieldError[] {
  const errors: FieldError[] = [];
  if (tailLines !== undefined && tailLines < 0)
    errors.push(field.invalid("tailLines", tailLines, "must be greater than or equal to 0"));
  if (limitBytes !== undefined && limitBytes < 1)
    errors.push(field.invalid("limitBytes", limitBytes, "must be greater than 0"));
  if (sinceSeconds !== undefined && sinceTime !== undefined)
    errors.push(
      field.forbidden("", "at most one of `sinceTime` or `sinceSeconds` may be specified"),
    );
  else if (sinceSeconds !== undefined && sinceSeconds < 1)
    errors.push(field.invalid("sinceSeconds", sinceSeconds, "must be greater than 0"));
  const streams = ["All", "Stderr", "Stdout"];
  if (stream !== undefined && !streams.includes(stream))
    errors.push(field.notSupported("stream", stream, streams));
  if (tailLines !== undefined && stream !== undefined && stream !== "All")
    errors.push(
      field.forbidden("", "`tailLines` and specific `stream` are mutually exclusive for now"),
    );
  return errors;
}

function checkTime(text: string): void {
  if (parseTime(text) === null)
    throw badRequest(
      `parsing time ${JSON.stringify(text)} as "2006-01-02T15:04:05Z07:00": cannot parse ${JSON.stringify(text)} as "2006"`,
    );
}

function defined(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
