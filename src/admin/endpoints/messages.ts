import type { MessageChannel } from '@prisma/client'
import { invalid } from '../../core/errors.ts'
import { enumValues } from '../../core/schema.ts'
import { previewMessage, previewTemplate } from '../../domain/messages/preview.ts'
import type { Endpoint } from '../endpoints.ts'

/** A message of the log as its reader sees it. */
export const messagePreview: Endpoint = {
  method: 'GET',
  path: '/message-preview/:id',
  roles: ['owner', 'admin', 'manager', 'compliance'],
  handle: async ({ ctx, id }) => await previewMessage(ctx, id()),
}

/** A template that is being written, as its reader would see it. It changes nothing; a text is too long for an address. */
export const templatePreview: Endpoint = {
  method: 'POST',
  path: '/template-preview',
  roles: ['owner', 'admin', 'manager', 'compliance'],
  handle: async ({ ctx, admin, body }) => {
    const { key, channel, subject, text } = body
    const texts = [key, channel, subject ?? '', text]
    if (!texts.every((one) => typeof one === 'string')) throw invalid('The template could not be read.')
    if (!enumValues('MessageChannel').includes(String(channel))) throw invalid('Choose a channel.', 'channel')
    return previewTemplate(ctx, admin.school, {
      key: String(key),
      channel: channel as MessageChannel,
      subject: String(subject ?? ''),
      body: String(text),
    })
  },
}
