import { fireEvent, screen, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { OutboxPanel } from '../features/connection/outbox-panel.tsx'
import type { Operation } from '../../protocol/operations.ts'
import { en } from '../texts/en.ts'
import { ko } from '../texts/ko.ts'
import { fakeServices, outboxItem, ROOM, show } from './fake-services.tsx'

const nothing = () => undefined

describe('the outbox', () => {
  it('says of each setting which it is', () => {
    const roomId = ROOM
    const wishes: [Operation, english: string, korean: string][] = [
      [{ type: 'room.settings', roomId, pinned: true }, 'Pin “Family” in your list', '목록에서 ‘Family’ 고정'],
      [{ type: 'room.settings', roomId, pinned: false }, 'Unpin “Family” in your list', '목록에서 ‘Family’ 고정 풀기'],
      [{ type: 'room.settings', roomId, mutedUntil: null }, 'Unmute “Family”', '‘Family’ 알림 켜기'],
      [{ type: 'room.settings', roomId, unreadFrom: 3 }, 'Mark “Family” as unread', '‘Family’ 읽지 않음으로 표시'],
      [{ type: 'profile.change', avatar: null }, 'Change of your picture', '내 프로필 사진 바꾸기'],
      [{ type: 'profile.change', status: null }, 'Change of your status', '내 상태 메시지 바꾸기'],
      [{ type: 'profile.change', receipts: false }, en.outbox.receiptsOff, ko.outbox.receiptsOff],
      [{ type: 'profile.change', displayName: '민아', color: 'moss' }, '민아 · Moss', '민아 · 이끼색']
    ]
    const items = wishes.map(([operation], nth) => outboxItem({ id: `${nth}`, operation }))
    for (const locale of ['en', 'ko'] as const) {
      const { unmount } = show(<OutboxPanel items={items} onClose={nothing} />, {
        services: fakeServices().services,
        texts: locale === 'en' ? en : ko
      })
      const rows = within(screen.getByRole('dialog')).getAllByRole('listitem')
      for (const [nth, [, english, korean]] of wishes.entries()) {
        expect(within(rows[nth]!).getByText(locale === 'en' ? english : korean)).toBeTruthy()
      }
      unmount()
    }
  })

  it('shows the rest of a long list when it is asked for, so that all of it can be taken back', () => {
    const items = Array.from({ length: 450 }, (_, nth) => outboxItem({ id: `${nth}` }))
    show(<OutboxPanel items={items} onClose={nothing} />, { services: fakeServices().services })
    const count = () => screen.getAllByRole('button', { name: 'Cancel: see you at six' }).length
    expect(count()).toBe(200)
    fireEvent.click(screen.getByRole('button', { name: 'Show more (250)' }))
    fireEvent.click(screen.getByRole('button', { name: 'Show more (50)' }))
    expect(count()).toBe(450)
    expect(screen.queryByRole('button', { name: /^Show more/ })).toBeNull()
  })
})
