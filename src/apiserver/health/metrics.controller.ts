import { Controller, Get, Inject, Res } from "@nestjs/common";
import type { FastifyReply } from "fastify";
import { MetricsService } from "./metrics.service.js";

@Controller("metrics")
export class MetricsController {
  constructor(@Inject(MetricsService) private readonly metrics: MetricsService) {}

  @Get()
  async read(@Res() reply: FastifyReply): Promise<void> {
    await reply
      .header("content-type", this.metrics.contentType)
      .send(Buffer.from(await this.metrics.text()));
  }
}
