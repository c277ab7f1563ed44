// How Maru looks and takes keys on this device.
import { TEXT_SIZE } from '../../platform/preferences.ts'
import { usePreferences } from '../../platform/preferences-context.tsx'
import { useTexts } from '../../texts/texts-context.tsx'
import { Choice } from '../../ui/choice.tsx'
import { Slider } from '../../ui/slider.tsx'
import { contrastOptions, densityOptions, enterOptions, themeOptions } from './options.ts'

export function DisplaySettings() {
  const texts = useTexts()
  const { settings } = texts
  const { preferences, change } = usePreferences()
  return (
    <>
      <Choice
        label={settings.theme}
        options={themeOptions(texts)}
        value={preferences.theme}
        onValue={(theme) => change({ theme })}
      />
      <Slider
        label={settings.textSize}
        words={settings.percent}
        {...TEXT_SIZE}
        value={preferences.textSize}
        onValue={(textSize) => change({ textSize })}
      />
      <Choice
        label={settings.density}
        options={densityOptions(texts)}
        value={preferences.density}
        onValue={(density) => change({ density })}
      />
      <Choice
        label={settings.contrast}
        options={contrastOptions(texts)}
        value={preferences.contrast}
        onValue={(contrast) => change({ contrast })}
      />
      <Choice
        label={settings.enter}
        options={enterOptions(texts)}
        value={preferences.enterSends}
        onValue={(enterSends) => change({ enterSends })}
      />
    </>
  )
}
