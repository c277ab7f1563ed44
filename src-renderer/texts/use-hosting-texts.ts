// The words of finding and hosting relays, in the screen's language. Apart from the catalogue: what a start does not show is not loaded at the start.
import { hostingTextsEn } from './hosting-texts.en.ts'
import { hostingTextsKo } from './hosting-texts.ko.ts'
import type { HostingTexts } from './hosting-texts.ts'
import { useTexts } from './texts-context.tsx'

/** For parts that are loaded later. */
export function useHostingTexts(): HostingTexts {
  return useTexts().locale === 'ko' ? hostingTextsKo : hostingTextsEn
}
