import { ValidationPipe, type INestApplication, type NestApplicationOptions } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { WebhooksService } from 'nestjs-webhooks';
import { KEY_PARAMETER } from './access/api-key.guard';
import { AppModule } from './app.module';
import type { Settings } from './settings';

/** The sample app, listening. */
export async function startApplication(
  settings: Settings,
  { logger }: Pick<NestApplicationOptions, 'logger'> = {},
): Promise<INestApplication> {
  const app = await NestFactory.create(AppModule.with(settings), {
    logger,
    abortOnError: false,
    // Signatures cover the bytes that arrived, not what they were parsed to.
    rawBody: true,
    forceCloseConnections: true,
  });
  app.useGlobalPipes(new ValidationPipe({ whitelist: true, forbidNonWhitelisted: true, transform: true }));
  // With what is sent to subscribers, so that one document tells of both directions.
  const webhooks = app.get(WebhooksService);
  SwaggerModule.setup('docs', app, () => webhooks.openapi(SwaggerModule.createDocument(app, documentation())));
  await app.listen(settings.port);
  return app;
}

function documentation() {
  return new DocumentBuilder()
    .setTitle('Fulfilment (a sample of nestjs-webhooks)')
    .addBearerAuth()
    .addApiKey({ type: 'apiKey', in: 'query', name: KEY_PARAMETER }, KEY_PARAMETER)
    .addSecurityRequirements('bearer')
    .addSecurityRequirements(KEY_PARAMETER)
    .build();
}
