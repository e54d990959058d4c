import { Module } from "@nestjs/common";
import { SimulationModule } from "../simulation/index.js";
import { StreamGateway } from "./stream.gateway.js";
import { TimelineController } from "./timeline.controller.js";
import { TimelineService } from "./timeline.service.js";

/** The WebSocket stream and the timeline. The application is to use a StreamAdapter. */
@Module({
  imports: [SimulationModule],
  controllers: [TimelineController],
  providers: [StreamGateway, TimelineService],
})
export class StreamingModule {}
