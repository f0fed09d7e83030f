/** A body that is written as it is read: pieces of text, gathered into chunks that are worth sending. */
const CHUNK = 64 * 1024

export function streamOf(pieces: AsyncIterator<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        let text = ''
        while (text.length < CHUNK) {
          const { value, done } = await pieces.next()
          if (done) {
            if (text !== '') controller.enqueue(encoder.encode(text))
            controller.close()
            return
          }
          text += value
        }
        controller.enqueue(encoder.encode(text))
      } catch (error) {
        controller.error(error)
      }
    },
    async cancel() {
      await pieces.return?.()
    },
  })
}
