import { Controller, Get, Header, Inject, Query } from "@nestjs/common";
import { ApiOperation, ApiQuery, ApiResponse, ApiTags } from "@nestjs/swagger";
import { openApiSchema, parseRequest } from "../simulation/index.js";
import { DEFAULT_TIMELINE_RECORDS, MAX_TIMELINE_RECORDS } from "./limits.js";
import { timelineQuerySchema, timelineSchema } from "./timeline-messages.js";
import { TimelineService } from "./timeline.service.js";

/** What has happened. */
@ApiTags("timeline")
@Controller("sim/v1/timeline")
export class TimelineController {
  constructor(@Inject(TimelineService) private readonly timeline: TimelineService) {}

  @Get()
  @Header("content-type", "application/json; charset=utf-8")
  @ApiOperation({ operationId: "readTimeline", summary: "Records of the stream, oldest first." })
  @ApiQuery({ name: "namespace", type: String, required: false })
  @ApiQuery({ name: "node", type: String, required: false })
  @ApiQuery({ name: "pod", type: String, required: false })
  @ApiQuery({ name: "container", type: String, required: false })
  @ApiQuery({ name: "labelSelector", type: String, required: false })
  @ApiQuery({
    name: "types",
    type: String,
    required: false,
    description:
      "Of transition, probe, event, pod and log, with commas; the first three by default.",
  })
  @ApiQuery({ name: "from", type: String, required: false, description: "A cursor, or `start`." })
  @ApiQuery({
    name: "limit",
    type: Number,
    required: false,
    description: `${DEFAULT_TIMELINE_RECORDS} by default, at most ${MAX_TIMELINE_RECORDS}.`,
  })
  @ApiResponse({ status: 200, description: "OK", schema: openApiSchema(timelineSchema) })
  read(@Query() query: Record<string, unknown>): Promise<string> {
    return this.timeline.read(parseRequest(timelineQuerySchema, query));
  }
}
