import type { LoggerService } from "@nestjs/common";
import { destination, pino, type Logger } from "pino";
import type { LogLevel } from "./config.js";

/** JSON lines on standard error; standard output is left to what a person waits for. */
export const createLogger = (level: LogLevel): Logger =>
  pino({ level, base: null }, destination({ fd: 2, sync: true }));

/** Parts of Nest that log what they throw: who catches it says it in one line. */
const THROWN_AS_WELL: ReadonlySet<unknown> = new Set([
  "ExceptionHandler",
  "NestApplication",
  "TypeOrmModule",
]);

/** Nest's log calls as pino lines. Nest passes the context, or a stack and the context, behind the message. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  verbose(message: unknown, ...rest: unknown[]): void {
    this.#write("trace", message, rest);
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.#write("debug", message, rest);
  }

  log(message: unknown, ...rest: unknown[]): void {
    this.#write("info", message, rest);
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.#write("warn", message, rest);
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.#write(THROWN_AS_WELL.has(rest.at(-1)) ? "debug" : "error", message, rest);
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.#write("fatal", message, rest);
  }

  #write(level: Exclude<LogLevel, "silent">, message: unknown, rest: unknown[]): void {
    const context = rest.at(-1);
    const fields = {
      ...(typeof context === "string" ? { context } : {}),
      ...(rest.length > 1 && typeof rest[0] === "string" ? { stack: rest[0] } : {}),
      ...(message instanceof Error ? { err: message } : {}),
    };
    this.logger[level](fields, message instanceof Error ? message.message : String(message));
  }
}
