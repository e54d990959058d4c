import { Inject, Injectable } from "@nestjs/common";
import { SimulationService } from "../simulation/index.js";
import { RecordSelection } from "./record-selection.js";
import { renderRecord } from "./record-view.js";
import type { TimelineQuery } from "./timeline-messages.js";

/** The records of the stream as a list: what has happened, oldest first. */
@Injectable()
export class TimelineService {
  constructor(@Inject(SimulationService) private readonly simulation: SimulationService) {}

  /** The answer as JSON: records are rendered once and shared with the stream. @throws StatusError 400 for a bad label selector. */
  async read(query: TimelineQuery): Promise<string> {
    const { types, from, limit, ...filter } = query;
    const { feed } = this.simulation;
    const selection = new RecordSelection(types, filter, this.simulation);
    const reader = feed.open(from ?? feed.oldestSequence - 1, selection.feedFilter);
    const end = feed.durableSequence;
    const items: string[] = [];
    let last = 0;
    let gap = "";
    try {
      for (let position = -1; position < end;) {
        const batch = await reader.poll();
        if (batch.lost !== null) gap = `,"gap":${JSON.stringify(batch.lost)}`;
        for (const entry of batch.entries) {
          const subject = await selection.select(entry);
          if (subject === null) continue;
          if (items.length === limit) return answer(items, last, gap);
          items.push(renderRecord(entry, subject));
          last = entry.sequence;
        }
        position = batch.position;
      }
      return answer(items, null, gap);
    } finally {
      reader.close();
    }
  }
}

const answer = (items: readonly string[], next: number | null, gap: string): string =>
  `{"items":[${items.join(",")}],"next":${JSON.stringify(next)}${gap}}`;
