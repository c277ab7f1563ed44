// Sends words on to several rooms and people: what was said and, before it, words of one's own. Into the outbox, so without the network too.
import { openDestination } from '../../destinations/use-destinations.ts'
import type { Destination } from '../../destinations/use-destinations.ts'
import type { ChatCommands } from '../../store/chat-store.ts'

type Commands = Pick<ChatCommands, 'openDirect' | 'openNotes' | 'sendMessage'>

/** What was done before something could not be stored, so that a next try does nothing twice. */
export interface Progress {
  /** Ids of destinations that have all of it. */
  sent: Set<string>
  /** Ids of those that have the own words. */
  begun: Set<string>
}

/**
 * One destination after the other. Nobody is mentioned anew: whoever was named in the words was named to others.
 * @param own '' for none
 * @param progress written
 */
export async function sendOn(
  commands: Commands,
  myId: string,
  destinations: readonly Pick<Destination, 'id' | 'room'>[],
  { own, body }: { own: string; body: string },
  progress: Progress
): Promise<void> {
  for (const destination of destinations) {
    const { id } = destination
    if (progress.sent.has(id)) continue
    const roomId = await openDestination(commands, myId, destination)
    if (own !== '' && !progress.begun.has(id)) {
      await commands.sendMessage(roomId, own)
      progress.begun.add(id)
    }
    await commands.sendMessage(roomId, body)
    progress.sent.add(id)
  }
}
