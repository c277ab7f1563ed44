// Hands the composition root's services to the features. They see this and services.ts, never what is behind.
import { createContext, use } from 'react'
import type { ReactNode } from 'react'
import type { Relays, Services } from './services.ts'
import { PicturesProvider } from './ui/pictures.tsx'

const ServicesContext = createContext<Services | null>(null)

export function ServicesProvider({ services, children }: { services: Services; children: ReactNode }) {
  return (
    <ServicesContext value={services}>
      <PicturesProvider value={services.pictures}>{children}</PicturesProvider>
    </ServicesContext>
  )
}

/** What a signed-in screen works with. Throws outside of `ServicesProvider`. */
export function useServices(): Services {
  const services = use(ServicesContext)
  if (!services) throw new Error('useServices needs a ServicesProvider above it')
  return services
}

const RelaysContext = createContext<Relays | null>(null)

export const RelaysProvider = RelaysContext

/** All relays that the desktop app is signed in to; null in a browser, where there is one. */
export function useRelays(): Relays | null {
  return use(RelaysContext)
}
