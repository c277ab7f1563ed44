// What the page begins with, after first.ts: starts the client in the person's language. What it needs of the device is being read already (first.ts).
import { startClient } from './client.tsx'
import { showNotLoaded } from './not-loaded.ts'
import { loadTexts } from './texts/catalogue.ts'

const { maruFirst } = window
if (maruFirst) startClient(maruFirst.device, loadTexts(maruFirst.language))
else showNotLoaded()
