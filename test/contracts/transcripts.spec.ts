import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import type { NestFastifyApplication } from "@nestjs/platform-fastify";
import { afterEach, describe, expect, it } from "vitest";
import { startContractApplication } from "./support/contract-application.js";
import { parseTranscript, play, printTranscript, type Exchange } from "./support/transcript.js";

const FOLDER = new URL("./transcripts/", import.meta.url).pathname;
const UPDATE = process.env.UPDATE_GOLDENS === "1";

let application: NestFastifyApplication | null = null;
afterEach(async () => {
  await application?.close();
  application = null;
});

describe("HTTP transcripts", () => {
  it.each(readdirSync(FOLDER))("%s is answered as it was before", async (name) => {
    const path = FOLDER + name;
    const golden = readFileSync(path, "utf8");
    const { head, exchanges } = parseTranscript(golden);
    application = await startContractApplication();
    const values = new Map<string, string>();
    const played: Exchange[] = [];
    for (const exchange of exchanges) played.push(await play(application, exchange, values));
    const text = printTranscript(head, played);
    if (UPDATE) writeFileSync(path, text);
    else expect(text, "npm run update:goldens writes it; review it before you commit").toBe(golden);
  });
});
