import { Body, Controller, Get, HttpCode, Inject, Post, Put } from "@nestjs/common";
import { ApiBody, ApiOperation, ApiResponse, ApiTags } from "@nestjs/swagger";
import { badRequest, conflict } from "../core/api/index.js";
import {
  advancedSchema,
  advanceSchema,
  clockChangeSchema,
  clockSchema,
  type Advanced,
  type AdvanceRequest,
} from "./clock-messages.js";
import { MAX_ADVANCE_SECONDS } from "./limits.js";
import { openApiSchema, parseRequest } from "./request-schema.js";
import { SimulationService, type ClockView } from "./simulation.service.js";

/** Virtual time: to read it, to set its pace, to move it by hand. */
@ApiTags("clock")
@Controller("sim/v1/clock")
export class ClockController {
  constructor(@Inject(SimulationService) private readonly simulation: SimulationService) {}

  @Get()
  @ApiOperation({ operationId: "readClock", summary: "The virtual clock." })
  @ApiResponse({ status: 200, description: "OK", schema: openApiSchema(clockSchema) })
  read(): ClockView {
    return this.simulation.clock();
  }

  @Put()
  @ApiOperation({ operationId: "setClock", summary: "Pause, go on, or change the speed." })
  @ApiBody({ schema: openApiSchema(clockChangeSchema) })
  @ApiResponse({ status: 200, description: "OK", schema: openApiSchema(clockSchema) })
  @ApiResponse({ status: 409, description: "An advance is under way." })
  set(@Body() body: unknown): ClockView {
    const { mode, speed } = parseRequest(clockChangeSchema, body);
    if (this.simulation.isAdvancing) throw clockConflict("an advance is under way");
    return this.simulation.setClock({
      ...(mode === undefined ? {} : { mode }),
      ...(speed === undefined ? {} : { speed }),
    });
  }

  @Post("advance")
  @HttpCode(200)
  @ApiOperation({
    operationId: "advanceClock",
    summary: "Move a paused clock. Answers when all that was due is done and readable.",
  })
  @ApiBody({ schema: openApiSchema(advanceSchema) })
  @ApiResponse({ status: 200, description: "OK", schema: openApiSchema(advancedSchema) })
  @ApiResponse({ status: 409, description: "The clock is running, or an advance is under way." })
  async advance(@Body() body: unknown): Promise<Advanced> {
    const request = parseRequest(advanceSchema, body);
    if (!this.simulation.isPaused) throw clockConflict("only a paused clock can be advanced");
    if (this.simulation.isAdvancing) throw clockConflict("an advance is under way");
    const untilMs = this.#untilMs(request);
    if (!("untilIdle" in request)) {
      await this.simulation.advance(untilMs);
      return this.simulation.clock();
    }
    const quietMs = Math.round(request.quietSeconds * 1000);
    const idle = await this.simulation.advanceUntilIdle(quietMs, untilMs);
    return { ...this.simulation.clock(), idle };
  }

  #untilMs(request: AdvanceRequest): number {
    const { nowMs } = this.simulation;
    if ("seconds" in request) return nowMs + Math.round(request.seconds * 1000);
    if ("untilIdle" in request) return nowMs + Math.round(request.maxSeconds * 1000);
    const untilMs = Math.round(Date.parse(request.until));
    if (untilMs < nowMs) throw badRequest("until: is in the past: virtual time only goes forward");
    if (untilMs - nowMs > MAX_ADVANCE_SECONDS * 1000)
      throw badRequest(`until: is more than ${MAX_ADVANCE_SECONDS} seconds ahead`);
    return untilMs;
  }
}

const clockConflict = (why: string): Error => conflict("clock.peapod.sim", "clock", why);
