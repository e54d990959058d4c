import { z } from "zod";
import {
  pingSchema,
  serverMessageSchema,
  subscribeSchema,
  unsubscribeSchema,
} from "../streaming/index.js";

/** The stream described for programs: AsyncAPI 3.0, from the same schemas that messages are checked against. */
export function asyncApiDocument(version: string): Record<string, unknown> {
  const sent = serverMessages();
  const received = clientMessages();
  return {
    asyncapi: "3.0.0",
    info: {
      title: "Peapod stream",
      version,
      description:
        "What happens in the simulated cluster, as it happens: container transitions, probe results, Events, Pods and log lines, " +
        "in commit order. Each record has a cursor; a subscription from a cursor goes on right behind it.",
    },
    defaultContentType: "application/json",
    servers: { local: { host: "127.0.0.1:8080", protocol: "ws" } },
    channels: {
      stream: {
        address: "/sim/v1/stream",
        description: "A plain WebSocket with JSON text frames.",
        bindings: { ws: { method: "GET" } },
        messages: Object.fromEntries(
          [...Object.keys(received), ...Object.keys(sent)].map((name) => [
            name,
            { $ref: `#/components/messages/${name}` },
          ]),
        ),
      },
    },
    operations: {
      receive: operation("receive", "What clients send.", received),
      send: operation("send", "What the service sends.", sent),
    },
    components: { messages: { ...received, ...sent } },
  };
}

type Messages = Record<string, { readonly name: string; readonly payload: unknown }>;

function clientMessages(): Messages {
  return {
    subscribe: message("subscribe", subscribeSchema),
    unsubscribe: message("unsubscribe", unsubscribeSchema),
    ping: message("ping", pingSchema),
  };
}

/** The alternatives of what the service sends, by their `op`. */
function serverMessages(): Messages {
  const entries = serverMessageSchema.options.map((schema): [string, Messages[string]] => {
    const name = opOf(jsonSchema(schema));
    return [name, message(name, schema)];
  });
  return Object.fromEntries(entries);
}

function operation(action: "send" | "receive", summary: string, messages: Messages): unknown {
  return {
    action,
    channel: { $ref: "#/channels/stream" },
    summary,
    messages: Object.keys(messages).map((name) => ({ $ref: `#/channels/stream/messages/${name}` })),
  };
}

function message(name: string, schema: z.ZodType): Messages[string] {
  return { name, payload: jsonSchema(schema) };
}

function jsonSchema(schema: z.ZodType): unknown {
  const text = z.toJSONSchema(schema, {
    target: "draft-7",
    io: "input",
    unrepresentable: "any",
  });
  return Object.fromEntries(Object.entries(text).filter(([key]) => key !== "$schema"));
}

/** The constant `op` of a message's schema, or of its alternatives, which share it. */
function opOf(schema: unknown): string {
  const { properties, oneOf } = schema as {
    properties?: { op?: { const?: string } };
    oneOf?: readonly unknown[];
  };
  const name = properties?.op?.const ?? (oneOf === undefined ? undefined : opOf(oneOf[0]));
  if (name === undefined) throw new Error("every message of the stream has an op");
  return name;
}
