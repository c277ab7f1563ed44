// The only module that the page names: starts the client in the person's language. What it needs of the device is being read already (first.ts).
import { startClient } from './client.tsx'
import { loadTexts } from './texts/catalogue.ts'

const { language, device } = window.maruFirst
startClient(device, loadTexts(language))
