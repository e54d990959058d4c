import { SysError, type Blocking } from "../../../shell/index.js";
import { calendarTime } from "../../calendar.js";
import { serveStreams } from "../../http/stream-server.js";
import type { ImageSys } from "../../kernel/image-sys.js";
import type { StopNote } from "../program-io.js";
import { encodeLine, takeLine, type ClientMessage } from "./line-protocol.js";
import { TrivialSql, type SqlResult } from "./sql.js";

export interface DatabaseOptions {
  readonly port: number;
  readonly version: string;
  readonly databases: readonly string[];
  /** Says why a client may not come in, or null. */
  readonly refuse: (message: ClientMessage) => string | null;
}

/** Listens; false when the port is taken. */
export const openDatabase = (sys: ImageSys, port: number): number | null => {
  try {
    return sys.listen({ host: "0.0.0.0", port }, 128);
  } catch (error) {
    if (error instanceof SysError) return null;
    throw error;
  }
};

/** Answers clients until a noted signal comes. */
export function* serveDatabase(
  sys: ImageSys,
  listener: number,
  options: DatabaseOptions,
  stop: StopNote,
): Blocking<void> {
  const sql = new TrivialSql(options.databases);
  yield* serveStreams(
    sys,
    new Map([[listener, null]]),
    function* (connection) {
      const line = takeLine(connection.received);
      if (line === null) return connection.received.length < 65_536;
      connection.received = connection.received.subarray(line.used);
      const message = line.value as ClientMessage | null;
      if (message === null || typeof message !== "object") return false;
      const refusal = options.refuse(message);
      const result: SqlResult =
        refusal !== null
          ? { kind: "error", text: `refused: ${refusal}` }
          : sql.run(message.statement ?? "", {
              version: options.version,
              user: message.user,
              database: message.database,
              now: timestamp(sys.nowMs()),
            });
      yield* sys.write(connection.fd, encodeLine(result));
      return true;
    },
    () => stop.name !== null,
  );
}

/** `2025-11-01 12:00:00` */
export const timestamp = (timeMs: number): string => {
  const { year, month, day, hour, minute, second } = calendarTime(timeMs);
  return `${year}-${month}-${day} ${hour}:${minute}:${second}`;
};
