import type { Command, Feed, FeedBatch, FeedReader, Outcome } from "../cluster-port.js";
import type { ClusterPort } from "../cluster-port.js";
import { ScriptedSessions } from "./scripted-sessions.js";

/** A cluster that answers as the test says, and remembers what it was asked. */
export class ScriptedCluster implements ClusterPort {
  readonly commands: Command[] = [];
  isReady = true;
  nowMs = Date.UTC(2026, 0, 1);
  answer: (command: Command) => Outcome = () => {
    throw new Error("the test has no answer for this command");
  };
  readonly sessions = new ScriptedSessions();
  readonly feed: Feed = new EmptyFeed();

  execute(command: Command): Promise<Outcome> {
    this.commands.push(command);
    return Promise.resolve(this.answer(command));
  }
}

class EmptyFeed implements Feed {
  readonly durableSequence = 0;
  readonly oldestSequence = 0;

  open(): FeedReader {
    return {
      next: () => Promise.resolve(null),
      poll: (): Promise<FeedBatch> => Promise.resolve({ entries: [], position: 0, lost: null }),
      close: () => undefined,
    };
  }
}
