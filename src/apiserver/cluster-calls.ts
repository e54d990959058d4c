import { StatusError, type FailureStatus } from "../core/api/index.js";
import type {
  ApiRequest,
  ApiResponse,
  ClusterPort,
  ExecAction,
  ExecAnswer,
  LogAnswer,
  LogQuery,
  StatusBody,
} from "./cluster-port.js";

/** Has the cluster carry out a request of the API. @throws StatusError when it is refused. */
export async function executeApi(cluster: ClusterPort, request: ApiRequest): Promise<ApiResponse> {
  const outcome = await cluster.execute({ type: "api", request });
  if (!outcome.ok) throw refusal(outcome.status);
  if (!("response" in outcome)) throw new Error("an api command is answered with a response");
  return outcome.response;
}

/** @throws StatusError when there is no such log (API-21). */
export async function readLog(cluster: ClusterPort, query: LogQuery): Promise<LogAnswer> {
  const outcome = await cluster.execute({ type: "read-log", query });
  if (!outcome.ok) throw refusal(outcome.status);
  if (!("log" in outcome)) throw new Error("a read-log command is answered with a log");
  return outcome.log;
}

/** @throws StatusError when the API server itself refuses it. */
export async function performExec(cluster: ClusterPort, action: ExecAction): Promise<ExecAnswer> {
  const outcome = await cluster.execute({ type: "exec", action });
  if (!outcome.ok) throw refusal(outcome.status);
  if (!("exec" in outcome)) throw new Error("an exec command is answered with how it went");
  return outcome.exec;
}

function refusal(status: StatusBody): StatusError {
  return new StatusError(status as FailureStatus);
}
