<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de_DE">
<context>
    <name>main</name>
    <message>
        <source>Workbench for post-training quantization of vision transformers (simulated: accuracy, not speed)</source>
        <translation>Werkbank für die Quantisierung von Vision-Transformern nach dem Training (simuliert: Genauigkeit, nicht Geschwindigkeit)</translation>
    </message>
    <message>
        <source>Open the embedded demo and run it.</source>
        <translation>Die eingebaute Demo öffnen und ausführen.</translation>
    </message>
    <message>
        <source>Checkpoint (.safetensors), run file (.h5) or folder of images.</source>
        <translation>Checkpoint (.safetensors), Laufdatei (.h5) oder Bildordner.</translation>
    </message>
    <message>
        <source>At the first start, do not open the demo.</source>
        <translation>Beim ersten Start die Demo nicht öffnen.</translation>
    </message>
    <message>
        <source>Do not open the last session again.</source>
        <translation>Die letzte Sitzung nicht wieder öffnen.</translation>
    </message>
</context>
<context>
    <name>quantoscope::AccuracyController</name>
    <message>
        <source>%1
Its attention cannot be measured now: %2</source>
        <translation>%1
Seine Aufmerksamkeit kann jetzt nicht gemessen werden: %2</translation>
    </message>
</context>
<context>
    <name>quantoscope::AttentionPlot</name>
    <message>
        <source>Attention map</source>
        <translation>Attention-Karte</translation>
    </message>
    <message>
        <source>Run a quantized evaluation, then choose Run, Attention map to see where the model looks.</source>
        <translation>Eine quantisierte Auswertung ausführen, dann Ausführen, Attention-Karte wählen, um zu sehen, wohin das Modell blickt.</translation>
    </message>
    <message>
        <source>No attention map was made yet: choose Run, Attention map and an image.</source>
        <translation>Noch keine Attention-Karte: Ausführen, Attention-Karte und ein Bild wählen.</translation>
    </message>
    <message>
        <source>Attention weight, float and quantized</source>
        <translation>Attention-Gewicht, Gleitkomma und quantisiert</translation>
    </message>
    <message>
        <source>Quantized − float</source>
        <translation>Quantisiert − Gleitkomma</translation>
    </message>
    <message>
        <source>Float</source>
        <translation>Gleitkomma</translation>
    </message>
    <message>
        <source>Quantized</source>
        <translation>Quantisiert</translation>
    </message>
    <message>
        <source>Difference</source>
        <translation>Differenz</translation>
    </message>
    <message>
        <source>rollout over all blocks</source>
        <translation>Rollout über alle Blöcke</translation>
    </message>
    <message>
        <source>head %1</source>
        <translation>Kopf %1</translation>
    </message>
    <message>
        <source>mean of %1 heads</source>
        <translation>Mittel von %1 Köpfen</translation>
    </message>
    <message>
        <source>Attention: %1</source>
        <translation>Attention: %1</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>Weight that the class token gives each patch.</source>
        <translation>Gewicht, das das Klassen-Token jedem Patch gibt.</translation>
    </message>
    <message>
        <source>Weight that each patch receives inside its window of %1 × %1, averaged over the window; windowed attention has no map over the whole image.</source>
        <translation>Gewicht, das jeder Patch in seinem Fenster von %1 × %1 erhält, über das Fenster gemittelt; Attention in Fenstern hat keine Karte über das ganze Bild.</translation>
    </message>
    <message>
        <source>Weight that each patch receives, averaged over all of them: the model has no class token.</source>
        <translation>Gewicht, das jeder Patch erhält, über alle gemittelt: das Modell hat kein Klassen-Token.</translation>
    </message>
    <message>
        <source>A rollout is not defined for windowed attention.</source>
        <translation>Für Attention in Fenstern ist kein Rollout definiert.</translation>
    </message>
    <message>
        <source>row %1, column %2 · float %3 · quantized %4 · difference %5</source>
        <translation>Zeile %1, Spalte %2 · Gleitkomma %3 · quantisiert %4 · Differenz %5</translation>
    </message>
    <message>
        <source>Image of the attention map</source>
        <translation>Bild der Attention-Karte</translation>
    </message>
    <message>
        <source>Head of the attention</source>
        <translation>Attention-Kopf</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>Bild</translation>
    </message>
    <message>
        <source>The image behind the maps</source>
        <translation>Das Bild hinter den Karten</translation>
    </message>
    <message>
        <source>Mean of the heads</source>
        <translation>Mittel der Köpfe</translation>
    </message>
    <message>
        <source>Rollout</source>
        <translation>Rollout</translation>
    </message>
    <message>
        <source>Head %1</source>
        <translation>Kopf %1</translation>
    </message>
</context>
<context>
    <name>quantoscope::BitsDelegate</name>
    <message>
        <source>Bits</source>
        <translation>Bit</translation>
    </message>
    <message>
        <source>Float</source>
        <translation>Float</translation>
    </message>
    <message>
        <source>%1 bit</source>
        <translation>%1 Bit</translation>
    </message>
    <message>
        <source>Recipe</source>
        <translation>Rezept</translation>
    </message>
</context>
<context>
    <name>quantoscope::BitsFilterDialog</name>
    <message>
        <source>Bits by name or type</source>
        <translation>Bit nach Name oder Typ</translation>
    </message>
    <message>
        <source>Which layers</source>
        <translation>Welche Schichten</translation>
    </message>
    <message>
        <source>Parts of names (fc2, attn.q*), &quot;weights&quot; or &quot;activations&quot;, an operator, a role, and &quot;blocks 4-7&quot; or &quot;blocks 0, 3&quot;; in English, in any order</source>
        <translation>Teile von Namen (fc2, attn.q*), &quot;weights&quot; oder &quot;activations&quot;, ein Operator, eine Rolle und &quot;blocks 4-7&quot; oder &quot;blocks 0, 3&quot;; auf Englisch, in beliebiger Reihenfolge</translation>
    </message>
    <message>
        <source>Operator type</source>
        <translation>Operatortyp</translation>
    </message>
    <message>
        <source>any</source>
        <translation>beliebig</translation>
    </message>
    <message>
        <source>Bits</source>
        <translation>Bit</translation>
    </message>
    <message>
        <source>Float</source>
        <translation>Float</translation>
    </message>
    <message>
        <source>%1 bit</source>
        <translation>%1 Bit</translation>
    </message>
    <message>
        <source>As the recipe says</source>
        <translation>Wie im Rezept</translation>
    </message>
    <message>
        <source>Layers found</source>
        <translation>Gefundene Schichten</translation>
    </message>
    <message>
        <source>&amp;Layers</source>
        <translation>&amp;Schichten</translation>
    </message>
    <message>
        <source>&amp;Type</source>
        <translation>&amp;Typ</translation>
    </message>
    <message>
        <source>&amp;Bits</source>
        <translation>&amp;Bit</translation>
    </message>
    <message>
        <source>Say which layers, or choose a type.</source>
        <translation>Nennen Sie Schichten, oder wählen Sie einen Typ.</translation>
    </message>
    <message>
        <source>No layer is all of that.</source>
        <translation>Auf keine Schicht trifft das alles zu.</translation>
    </message>
    <message>
        <source>Layers: %1</source>
        <translation>Schichten: %1</translation>
    </message>
    <message>
        <source>One step that can be undone</source>
        <translation>Ein Schritt, der rückgängig gemacht werden kann</translation>
    </message>
</context>
<context>
    <name>quantoscope::BitsMenu</name>
    <message>
        <source>Layers: %1</source>
        <translation>Schichten: %1</translation>
    </message>
    <message>
        <source>&amp;Float</source>
        <translation>&amp;Float</translation>
    </message>
    <message>
        <source>&amp;%1 bit</source>
        <translation>&amp;%1 Bit</translation>
    </message>
    <message>
        <source>As the &amp;recipe says</source>
        <translation>Wie im &amp;Rezept</translation>
    </message>
    <message>
        <source>Bits of this layer</source>
        <translation>Bit dieser Schicht</translation>
    </message>
    <message>
        <source>Open the checkpoint of this run to change bits.</source>
        <translation>Öffnen Sie den Checkpoint dieses Laufs, um Bit zu ändern.</translation>
    </message>
    <message>
        <source>Select a layer first.</source>
        <translation>Wählen Sie zuerst eine Schicht.</translation>
    </message>
    <message>
        <source>Only re-arranges values that another tap already quantizes, so it has no bits of its own.</source>
        <translation>Ordnet nur Werte um, die schon an anderer Stelle quantisiert werden, und hat daher keine eigenen Bit.</translation>
    </message>
    <message>
        <source>Bits of the %1 selected layers</source>
        <translation>Bit der %1 ausgewählten Schichten</translation>
    </message>
    <message>
        <source>Bits of %1</source>
        <translation>Bit von %1</translation>
    </message>
    <message>
        <source>Bits of %1 in all blocks</source>
        <translation>Bit von %1 in allen Blöcken</translation>
    </message>
    <message>
        <source>Bits of all of block %1</source>
        <translation>Bit des ganzen Blocks %1</translation>
    </message>
    <message>
        <source>Bits of all weights of type %1</source>
        <translation>Bit aller Gewichte vom Typ %1</translation>
    </message>
    <message>
        <source>Bits of all values of type %1</source>
        <translation>Bit aller Werte vom Typ %1</translation>
    </message>
</context>
<context>
    <name>quantoscope::CalibrationPlot</name>
    <message>
        <source>Percentile</source>
        <translation>Perzentil</translation>
    </message>
    <message>
        <source>%1 to %2</source>
        <translation>%1 bis %2</translation>
    </message>
    <message>
        <source>Calibration</source>
        <translation>Kalibrierung</translation>
    </message>
    <message>
        <source>Run a calibration to watch the ranges settle, batch by batch.</source>
        <translation>Eine Kalibrierung ausführen, um die Bereiche Stapel für Stapel zur Ruhe kommen zu sehen.</translation>
    </message>
    <message>
        <source>This run holds no history of its calibration; run it again to get one.</source>
        <translation>Dieser Lauf enthält keinen Verlauf seiner Kalibrierung; ihn erneut ausführen, um einen zu erhalten.</translation>
    </message>
    <message>
        <source>%1: range after every batch</source>
        <translation>%1: Bereich nach jedem Stapel</translation>
    </message>
    <message>
        <source>%1: range after every batch, %2 of %3 images</source>
        <translation>%1: Bereich nach jedem Stapel, %2 von %3 Bildern</translation>
    </message>
    <message>
        <source>Images</source>
        <translation>Bilder</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Wert</translation>
    </message>
    <message>
        <source>Extremes of each batch</source>
        <translation>Extremwerte jedes Stapels</translation>
    </message>
    <message>
        <source>Images until settled</source>
        <translation>Bilder bis zur Ruhe</translation>
    </message>
    <message>
        <source>Settled within 1 %</source>
        <translation>Auf 1 % zur Ruhe gekommen</translation>
    </message>
    <message>
        <source>Moved by the last batch</source>
        <translation>Vom letzten Stapel bewegt</translation>
    </message>
    <message>
        <source>One batch alone does not tell whether ranges have settled.</source>
        <translation>Ein einziger Stapel verrät nicht, ob die Bereiche zur Ruhe gekommen sind.</translation>
    </message>
    <message>
        <source>Converged at %1 of %2 images: from there on no range of %3 layers moved by more than 1 % of its width. Last to settle: %4.</source>
        <translation>Konvergiert nach %1 von %2 Bildern: Von da an bewegte sich kein Bereich der %3 Schichten um mehr als 1 % seiner Breite. Zuletzt kam zur Ruhe: %4.</translation>
    </message>
    <message>
        <source>Still moving by more than 1 % of their width in the last batch: %1 of %2 layers; the others had settled at %3 of %4 images. Most: %5, by %6 over the last quarter of the batches.</source>
        <translation>Im letzten Stapel noch um mehr als 1 % ihrer Breite in Bewegung: %1 von %2 Schichten; die übrigen waren nach %3 von %4 Bildern zur Ruhe gekommen. Am meisten: %5, um %6 im letzten Viertel der Stapel.</translation>
    </message>
    <message>
        <source>%1 · moved by the last batch · %2 of its width over the last quarter of the batches</source>
        <translation>%1 · vom letzten Stapel bewegt · im letzten Viertel der Stapel um %2 der Breite</translation>
    </message>
    <message>
        <source>%1 · settled after %2 images · moved by %3 of its width over the last quarter of the batches</source>
        <translation>%1 · nach %2 Bildern zur Ruhe gekommen · im letzten Viertel der Stapel um %3 der Breite bewegt</translation>
    </message>
    <message>
        <source>batch %1, %2 images</source>
        <translation>Stapel %1, %2 Bilder</translation>
    </message>
</context>
<context>
    <name>quantoscope::ChannelMapPlot</name>
    <message>
        <source>Channel map</source>
        <translation>Kanalkarte</translation>
    </message>
    <message>
        <source>max − min</source>
        <translation>max − min</translation>
    </message>
    <message>
        <source>max |x|</source>
        <translation>max |x|</translation>
    </message>
    <message>
        <source>max |x| / layer median</source>
        <translation>max |x| / Schichtmedian</translation>
    </message>
    <message>
        <source>SQNR [dB]</source>
        <translation>SQNR [dB]</translation>
    </message>
    <message>
        <source>Open a model and run a calibration to see which channels stand out in which layers.</source>
        <translation>Ein Modell öffnen und kalibrieren, um zu sehen, welche Kanäle in welchen Schichten herausragen.</translation>
    </message>
    <message>
        <source>No ranges of “%1” were observed in this run; choose other taps above.</source>
        <translation>In diesem Lauf wurden keine Wertebereiche von „%1“ beobachtet; oben andere Messpunkte wählen.</translation>
    </message>
    <message>
        <source>This run has no error figures: switch on “Measure error per layer” and run again.</source>
        <translation>Dieser Lauf hat keine Fehlerwerte: „Schichtfehler messen“ einschalten und erneut ausführen.</translation>
    </message>
    <message>
        <source>Layer in network order</source>
        <translation>Schicht in Netzreihenfolge</translation>
    </message>
    <message>
        <source>Channels by layer: %1</source>
        <translation>Kanäle nach Schicht: %1</translation>
    </message>
    <message>
        <source>No channel exceeds %1 times its layer&apos;s median.</source>
        <translation>Kein Kanal übersteigt das %1-Fache des Medians seiner Schicht.</translation>
    </message>
    <message>
        <source>Channels above %1 times their layer&apos;s median: %2. Channel %3 in %4 of %5 layers, most in %6 (%7 times).</source>
        <translation>Kanäle über dem %1-Fachen des Medians ihrer Schicht: %2. Kanal %3 in %4 von %5 Schichten, am stärksten in %6 (%7-fach).</translation>
    </message>
    <message>
        <source>Selected: %1.</source>
        <translation>Ausgewählt: %1.</translation>
    </message>
    <message>
        <source>Channel</source>
        <translation>Kanal</translation>
    </message>
    <message>
        <source>× median</source>
        <translation>× Median</translation>
    </message>
    <message>
        <source>%1 to %2</source>
        <translation>%1 bis %2</translation>
    </message>
    <message>
        <source>max |x| %1 times the layer&apos;s median</source>
        <translation>max |x| das %1-Fache des Medians der Schicht</translation>
    </message>
    <message>
        <source>SQNR %1 dB</source>
        <translation>SQNR %1 dB</translation>
    </message>
    <message>
        <source>“%1” has no attention heads.</source>
        <translation>„%1“ hat keine Attention-Köpfe.</translation>
    </message>
    <message>
        <source>No ranges of the tokens of “%1” are known.</source>
        <translation>Von den Token von „%1“ sind keine Bereiche bekannt.</translation>
    </message>
    <message>
        <source>Tokens by layer: %1</source>
        <translation>Token nach Schicht: %1</translation>
    </message>
    <message>
        <source>Heads by layer: %1</source>
        <translation>Köpfe nach Schicht: %1</translation>
    </message>
    <message>
        <source>None exceeds %1 times its layer&apos;s median.</source>
        <translation>Keiner übersteigt das %1-Fache des Medians seiner Schicht.</translation>
    </message>
    <message>
        <source>Above %1 times their layer&apos;s median: %2. Most often: %3, in %4 of %5 layers (%6 times in %7).</source>
        <translation>Über dem %1-Fachen des Medians ihrer Schicht: %2. Am häufigsten: %3, in %4 von %5 Schichten (%6-fach in %7).</translation>
    </message>
    <message>
        <source>%1, %2</source>
        <comment>layer, channel or token</comment>
        <translation>%1, %2</translation>
    </message>
    <message>
        <source>%1: at most %2 times its layer&apos;s median</source>
        <translation>%1: höchstens das %2-Fache des Medians der Schicht</translation>
    </message>
</context>
<context>
    <name>quantoscope::ChannelRangesPlot</name>
    <message>
        <source>Channels</source>
        <translation>Kanäle</translation>
    </message>
    <message>
        <source>Run a calibration to see the range of every channel.</source>
        <translation>Eine Kalibrierung ausführen, um den Wertebereich jedes Kanals zu sehen.</translation>
    </message>
    <message>
        <source>Select a layer in the model tree or in a plot to see its channels.</source>
        <translation>Im Modellbaum oder in einem Diagramm eine Schicht auswählen, um ihre Kanäle zu sehen.</translation>
    </message>
    <message>
        <source>No values of %1 were observed in this run.</source>
        <translation>In diesem Lauf wurden keine Werte von %1 beobachtet.</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Wert</translation>
    </message>
    <message>
        <source>Quantized range</source>
        <translation>Quantisierungsbereich</translation>
    </message>
    <message>
        <source>Observed minimum to maximum</source>
        <translation>Beobachteter Bereich</translation>
    </message>
    <message>
        <source>Clipped channel</source>
        <translation>Abgeschnitten</translation>
    </message>
    <message>
        <source>This tap stays in float.</source>
        <translation>Dieser Messpunkt bleibt in Gleitkomma (float).</translation>
    </message>
    <message>
        <source>%1, %2 bit: powers of two from 1 down, no range to choose.</source>
        <translation>%1, %2 Bit: Zweierpotenzen von 1 abwärts, kein Bereich zu wählen.</translation>
    </message>
    <message>
        <source>%1, %2 bit; scales %3 to %4, zero point %5.</source>
        <translation>%1, %2 Bit; Schrittweiten %3 bis %4, Nullpunkt %5.</translation>
    </message>
    <message>
        <source>%1, %2 bit; scale %3, zero point %4.</source>
        <translation>%1, %2 Bit; Schrittweite %3, Nullpunkt %4.</translation>
    </message>
    <message>
        <source>quantized %1 to %2</source>
        <translation>quantisiert %1 bis %2</translation>
    </message>
    <message>
        <source>, scale %1</source>
        <translation>, Schrittweite %1</translation>
    </message>
    <message>
        <source>%1: channel by channel</source>
        <translation>%1: Kanal für Kanal</translation>
    </message>
    <message>
        <source>Clipped channels: %1 of %2.</source>
        <translation>Abgeschnittene Kanäle: %1 von %2.</translation>
    </message>
    <message>
        <source>%1 to %2</source>
        <translation>%1 bis %2</translation>
    </message>
    <message>
        <source>%1, %2 bit; steps of %3 for small or negative values, %4 for the others.</source>
        <translation>%1, %2 Bit; Stufen von %3 für kleine oder negative Werte, %4 für die übrigen.</translation>
    </message>
    <message>
        <source>%1, widest range first</source>
        <translation>%1, größter Bereich zuerst</translation>
    </message>
    <message>
        <source>%1, largest magnitude first</source>
        <translation>%1, größter Betrag zuerst</translation>
    </message>
    <message>
        <source>%1, lowest SQNR first</source>
        <translation>%1, kleinstes SQNR zuerst</translation>
    </message>
    <message>
        <source>Weight</source>
        <translation>Gewicht</translation>
    </message>
    <message>
        <source>Clipped values: %1.</source>
        <translation>Abgeschnittene Werte: %1.</translation>
    </message>
    <message>
        <source>observed %1 to %2</source>
        <translation>beobachtet %1 bis %2</translation>
    </message>
    <message>
        <source>, %1 of the observed range outside</source>
        <translation>; %1 des beobachteten Bereichs außerhalb</translation>
    </message>
    <message>
        <source>SQNR %1 dB</source>
        <translation>SQNR %1 dB</translation>
    </message>
    <message>
        <source>Factor</source>
        <translation>Faktor</translation>
    </message>
    <message>
        <source>PTF factor</source>
        <translation>PTF-Faktor</translation>
    </message>
    <message>
        <source>, PTF factor %1</source>
        <translation>, PTF-Faktor %1</translation>
    </message>
    <message>
        <source>%1 has no attention heads: select qkv, scores, softmax or context, or choose “by channel” above.</source>
        <translation>%1 hat keine Attention-Köpfe: qkv, scores, softmax oder context auswählen, oder oben „nach Kanal“ wählen.</translation>
    </message>
    <message>
        <source>No ranges of the tokens of %1 are known: it has none, or the run was made before they were observed.</source>
        <translation>Von den Token von %1 sind keine Bereiche bekannt: Es gibt keine, oder der Lauf entstand, bevor sie beobachtet wurden.</translation>
    </message>
    <message>
        <source>by channel</source>
        <translation>nach Kanal</translation>
    </message>
    <message>
        <source>by token</source>
        <translation>nach Token</translation>
    </message>
    <message>
        <source>by head</source>
        <translation>nach Kopf</translation>
    </message>
    <message>
        <source>%1: token by token</source>
        <translation>%1: Token für Token</translation>
    </message>
    <message>
        <source>%1: head by head</source>
        <translation>%1: Kopf für Kopf</translation>
    </message>
    <message>
        <source>Widest: %1.</source>
        <translation>Am weitesten: %1.</translation>
    </message>
    <message>
        <source>Clipped place</source>
        <translation>Abgeschnitten</translation>
    </message>
</context>
<context>
    <name>quantoscope::ConfusionPlot</name>
    <message>
        <source>Confusion</source>
        <translation>Verwechslungen</translation>
    </message>
    <message>
        <source>Evaluate a run with “Evaluate in float”, or pin a run as baseline, to see which classes are taken for which others.</source>
        <translation>Mit „In Gleitkomma auswerten“ laufen lassen oder einen Lauf als Bezug anheften, um zu sehen, welche Klassen mit welchen verwechselt werden.</translation>
    </message>
    <message>
        <source>The true classes of these images are unknown: choose the class before as rows.</source>
        <translation>Die wahren Klassen dieser Bilder sind unbekannt: als Zeilen die Klasse vorher wählen.</translation>
    </message>
    <message>
        <source>No image changed its best class.</source>
        <translation>Kein Bild hat seine beste Klasse gewechselt.</translation>
    </message>
    <message>
        <source>Class before</source>
        <translation>Klasse vorher</translation>
    </message>
    <message>
        <source>True class</source>
        <translation>Wahre Klasse</translation>
    </message>
    <message>
        <source>Class after</source>
        <translation>Klasse nachher</translation>
    </message>
    <message>
        <source>%1: classes before and after quantization</source>
        <translation>%1: Klassen vor und nach der Quantisierung</translation>
    </message>
    <message>
        <source>%1 → %2: classes before and after</source>
        <translation>%1 → %2: Klassen vorher und nachher</translation>
    </message>
    <message>
        <source>Images whose best class changed: %1.</source>
        <translation>Bilder mit anderer bester Klasse: %1.</translation>
    </message>
    <message>
        <source>Framed: became right.</source>
        <translation>Umrahmt: richtig geworden.</translation>
    </message>
    <message>
        <source>%1 → %2: %3 images, %4 lost, %5 gained</source>
        <translation>%1 → %2: %3 Bilder, %4 verloren, %5 gewonnen</translation>
    </message>
    <message>
        <source>What the rows are</source>
        <translation>Was die Zeilen sind</translation>
    </message>
    <message>
        <source>From the class before</source>
        <translation>Von der Klasse vorher</translation>
    </message>
    <message>
        <source>From the true class</source>
        <translation>Von der wahren Klasse</translation>
    </message>
    <message>
        <source>others (%1)</source>
        <translation>andere (%1)</translation>
    </message>
</context>
<context>
    <name>quantoscope::CostDialog</name>
    <message>
        <source>What it takes</source>
        <translation>Aufwand</translation>
    </message>
</context>
<context>
    <name>quantoscope::DrawsDialog</name>
    <message>
        <source>Repeat with other calibration images</source>
        <translation>Mit anderen Kalibrierungsbildern wiederholen</translation>
    </message>
    <message>
        <source>Recipe</source>
        <translation>Rezept</translation>
    </message>
    <message>
        <source>&amp;Draws of each size</source>
        <translation>&amp;Ziehungen je Größe</translation>
    </message>
    <message>
        <source>Draws of each size</source>
        <translation>Ziehungen je Größe</translation>
    </message>
    <message>
        <source>Seeds</source>
        <translation>Seeds</translation>
    </message>
    <message>
        <source>One number or several, for example 8, 16, 32. Images of one seed are the first ones of every larger size.</source>
        <translation>Eine Zahl oder mehrere, zum Beispiel 8, 16, 32. Die Bilder eines Seeds sind die ersten jeder größeren Anzahl.</translation>
    </message>
    <message>
        <source>Calibration &amp;images</source>
        <translation>Kalibrierungs&amp;bilder</translation>
    </message>
    <message>
        <source>Calibration images of the draws</source>
        <translation>Kalibrierungsbilder der Ziehungen</translation>
    </message>
    <message>
        <source>One number or several, for example 5, 10</source>
        <translation>Eine Zahl oder mehrere, zum Beispiel 5, 10</translation>
    </message>
    <message>
        <source>Calibration &amp;batch</source>
        <translation>Kalibrierungs&amp;stapel</translation>
    </message>
    <message>
        <source>Images per calibration batch</source>
        <translation>Bilder je Kalibrierungsstapel</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>Starten</translation>
    </message>
    <message>
        <source>%1 to %2</source>
        <translation>%1 bis %2</translation>
    </message>
    <message>
        <source>What it takes is worked out when the running job has ended. It can be queued now.</source>
        <translation>Der Aufwand wird ermittelt, wenn der laufende Auftrag zu Ende ist. Eingereiht werden kann schon jetzt.</translation>
    </message>
    <message>
        <source>Working out the cost…</source>
        <translation>Aufwand wird ermittelt…</translation>
    </message>
    <message>
        <source>%1 runs, each evaluated on %2 images; %3 images are calibrated in all, drawn from %4.</source>
        <translation>%1 Läufe, jeder auf %2 Bildern ausgewertet; insgesamt werden %3 Bilder kalibriert, gezogen aus %4.</translation>
    </message>
    <message>
        <source>About %1 at the rate of the last run.</source>
        <translation>Etwa %1 bei der Geschwindigkeit des letzten Laufs.</translation>
    </message>
    <message>
        <source>How long it takes is known after a first run of this model.</source>
        <translation>Wie lange es dauert, ist nach einem ersten Lauf dieses Modells bekannt.</translation>
    </message>
    <message>
        <source>The largest size is all images that there are: its draws differ in their order only.</source>
        <translation>Die größte Anzahl sind alle vorhandenen Bilder: Ihre Ziehungen unterscheiden sich nur in der Reihenfolge.</translation>
    </message>
</context>
<context>
    <name>quantoscope::ErrorPlot</name>
    <message>
        <source>Error by layer</source>
        <translation>Fehler je Schicht</translation>
    </message>
    <message>
        <source>SQNR [dB]</source>
        <translation>SQNR [dB]</translation>
    </message>
    <message>
        <source>1 − cosine</source>
        <translation>1 − Kosinus</translation>
    </message>
    <message>
        <source>MSE</source>
        <translation>MSE</translation>
    </message>
    <message>
        <source>MSE relative to signal power</source>
        <translation>MSE relativ zur Signalleistung</translation>
    </message>
    <message>
        <source>Run a quantized evaluation to see which layers lose the most.</source>
        <translation>Eine quantisierte Auswertung ausführen, um zu sehen, welche Schichten am meisten verlieren.</translation>
    </message>
    <message>
        <source>This run has no error figures: switch on “Measure error per layer” and run again.</source>
        <translation>Dieser Lauf hat keine Fehlerwerte: „Schichtfehler messen“ einschalten und erneut ausführen.</translation>
    </message>
    <message>
        <source>Whole network up to here</source>
        <translation>Gesamtes Netz bis hier</translation>
    </message>
    <message>
        <source>This layer alone</source>
        <translation>Nur diese Schicht</translation>
    </message>
    <message>
        <source>Weight alone</source>
        <translation>Nur Gewicht</translation>
    </message>
    <message>
        <source>Quantization error by layer: %1</source>
        <translation>Quantisierungsfehler je Schicht: %1</translation>
    </message>
    <message>
        <source>alone %1</source>
        <translation>allein %1</translation>
    </message>
    <message>
        <source>network %1</source>
        <translation>Netz %1</translation>
    </message>
    <message>
        <source>Images measured: %1.</source>
        <translation>Gemessene Bilder: %1.</translation>
    </message>
    <message>
        <source>Worst layer alone: %1 (%2: %3).</source>
        <translation>Schlechteste Schicht für sich: %1 (%2: %3).</translation>
    </message>
    <message>
        <source>Values without any error, not drawn: %1.</source>
        <translation>Werte ohne jeden Fehler, nicht gezeichnet: %1.</translation>
    </message>
    <message>
        <source>Network before this quantizer</source>
        <translation>Netz vor diesem Quantisierer</translation>
    </message>
    <message>
        <source>By clipping</source>
        <translation>Durch Abschneiden</translation>
    </message>
    <message>
        <source>By rounding</source>
        <translation>Durch Runden</translation>
    </message>
    <message>
        <source>before %1</source>
        <translation>davor %1</translation>
    </message>
    <message>
        <source>clipped %1 of the values, %2 of the error</source>
        <translation>%1 der Werte abgeschnitten, %2 des Fehlers</translation>
    </message>
    <message>
        <source>worst channel %1: %2</source>
        <translation>schlechtester Kanal %1: %2</translation>
    </message>
    <message>
        <source>worst image %1: %2 of the error</source>
        <translation>schlimmstes Bild %1: %2 des Fehlers</translation>
    </message>
    <message>
        <source>Errors</source>
        <translation>Fehler</translation>
    </message>
    <message>
        <source>Share [%]</source>
        <translation>Anteil [%]</translation>
    </message>
</context>
<context>
    <name>quantoscope::FindingTexts</name>
    <message>
        <source>In order</source>
        <translation>In Ordnung</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Hinweis</translation>
    </message>
    <message>
        <source>Warning</source>
        <translation>Warnung</translation>
    </message>
    <message>
        <source>Problem</source>
        <translation>Problem</translation>
    </message>
    <message>
        <source>Problems: %1, warnings: %2, notes: %3</source>
        <translation>Probleme: %1, Warnungen: %2, Hinweise: %3</translation>
    </message>
</context>
<context>
    <name>quantoscope::FlipsModel</name>
    <message>
        <source>lost</source>
        <translation>verloren</translation>
    </message>
    <message>
        <source>gained</source>
        <translation>gewonnen</translation>
    </message>
    <message>
        <source>wrong in another way</source>
        <translation>anders falsch</translation>
    </message>
    <message>
        <source>class unknown</source>
        <translation>Klasse unbekannt</translation>
    </message>
    <message>
        <source>%1
Cannot be shown: %2</source>
        <translation>%1
Kann nicht gezeigt werden: %2</translation>
    </message>
    <message>
        <source>The run keeps no logits.</source>
        <translation>Der Lauf enthält keine Logits.</translation>
    </message>
    <message>
        <source>Lead of the true class over the best other one: %1 before, %2 after (difference of logits)</source>
        <translation>Vorsprung der wahren Klasse vor der besten anderen: vorher %1, nachher %2 (Differenz der Logits)</translation>
    </message>
    <message>
        <source>Image</source>
        <translation>Bild</translation>
    </message>
    <message>
        <source>Class</source>
        <translation>Klasse</translation>
    </message>
    <message>
        <source>Best class before, with its softmax probability</source>
        <translation>Beste Klasse vorher mit ihrer Softmax-Wahrscheinlichkeit</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>Vorher</translation>
    </message>
    <message>
        <source>Best class after, with its softmax probability</source>
        <translation>Beste Klasse nachher mit ihrer Softmax-Wahrscheinlichkeit</translation>
    </message>
    <message>
        <source>After</source>
        <translation>Nachher</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>Änderung</translation>
    </message>
    <message>
        <source>Change of the true class&apos;s lead over the best other class (logits); sorted by size</source>
        <translation>Änderung des Vorsprungs der wahren Klasse vor der besten anderen (Logits); nach Größe sortiert</translation>
    </message>
    <message>
        <source>Δ margin</source>
        <translation>Δ Abstand</translation>
    </message>
</context>
<context>
    <name>quantoscope::FlipsPanel</name>
    <message>
        <source>Images whose prediction changed</source>
        <translation>Bilder mit geänderter Vorhersage</translation>
    </message>
    <message>
        <source>What counts as right</source>
        <translation>Was als richtig zählt</translation>
    </message>
    <message>
        <source>Right: the class is the best one, or among the best five</source>
        <translation>Richtig: die Klasse ist die beste oder unter den besten fünf</translation>
    </message>
    <message>
        <source>Top-1</source>
        <translation>Top-1</translation>
    </message>
    <message>
        <source>Top-5</source>
        <translation>Top-5</translation>
    </message>
    <message>
        <source>Kind of change</source>
        <translation>Art der Änderung</translation>
    </message>
    <message>
        <source>All changes</source>
        <translation>Alle Änderungen</translation>
    </message>
    <message>
        <source>Filter images by class or file</source>
        <translation>Bilder nach Klasse oder Datei filtern</translation>
    </message>
    <message>
        <source>Class or file</source>
        <translation>Klasse oder Datei</translation>
    </message>
    <message>
        <source>Show the images of all classes again</source>
        <translation>Wieder die Bilder aller Klassen zeigen</translation>
    </message>
    <message>
        <source>Selected image</source>
        <translation>Gewähltes Bild</translation>
    </message>
    <message>
        <source>Best classes before and after</source>
        <translation>Beste Klassen vorher und nachher</translation>
    </message>
    <message>
        <source>Baseline or shown run was not evaluated: choose another run in the table of evaluations.</source>
        <translation>Bezug oder gezeigter Lauf wurde nicht ausgewertet: in der Tabelle der Auswertungen einen anderen Lauf wählen.</translation>
    </message>
    <message>
        <source>Evaluate a run with “Evaluate in float”, or pin another run as baseline (context menu of the table of evaluations), to see the images whose prediction changed.</source>
        <translation>Mit „In Gleitkomma auswerten“ laufen lassen oder einen anderen Lauf als Bezug anheften (Kontextmenü der Tabelle der Auswertungen), um die Bilder mit geänderter Vorhersage zu sehen.</translation>
    </message>
    <message>
        <source>%1 float</source>
        <translation>%1 Gleitkomma</translation>
    </message>
    <message>
        <source>%1 quantized</source>
        <translation>%1 quantisiert</translation>
    </message>
    <message>
        <source>%1 → %2</source>
        <translation>%1 → %2</translation>
    </message>
    <message>
        <source>: %1 points [%2, %3]</source>
        <comment>difference of accuracy with its 95 % interval</comment>
        <translation>: %1 Punkte [%2; %3]</translation>
    </message>
    <message>
        <source>, McNemar p = %1</source>
        <translation>; McNemar p = %1</translation>
    </message>
    <message>
        <source> · of %1 images %2 lost, %3 gained, %4 wrong in another way</source>
        <translation> · von %1 Bildern %2 verloren, %3 gewonnen, %4 anders falsch</translation>
    </message>
    <message>
        <source>, %1 of unknown class changed</source>
        <translation>, %1 unbekannter Klasse geändert</translation>
    </message>
    <message>
        <source>%1 of %2 shown</source>
        <translation>%1 von %2 gezeigt</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>Vorher</translation>
    </message>
    <message>
        <source>After</source>
        <translation>Nachher</translation>
    </message>
    <message>
        <source>%1 classes</source>
        <translation>%1 Klassen</translation>
    </message>
</context>
<context>
    <name>quantoscope::GetModelDialog</name>
    <message>
        <source>Get a model</source>
        <translation>Modell holen</translation>
    </message>
    <message>
        <source>Filter models</source>
        <translation>Modelle filtern</translation>
    </message>
    <message>
        <source>Filter: deit, swin base, 384…</source>
        <translation>Filter: deit, swin base, 384…</translation>
    </message>
    <message>
        <source>About the chosen model</source>
        <translation>Über das gewählte Modell</translation>
    </message>
    <message>
        <source>Progress of the download</source>
        <translation>Fortschritt des Herunterladens</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Top-1</source>
        <translation>Top-1</translation>
    </message>
    <message>
        <source>Here</source>
        <translation>Vorhanden</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>Lizenz</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>Quelle</translation>
    </message>
    <message>
        <source>Published models</source>
        <translation>Veröffentlichte Modelle</translation>
    </message>
    <message>
        <source>&amp;Browse…</source>
        <translation>&amp;Durchsuchen…</translation>
    </message>
    <message>
        <source>Choose the folder</source>
        <translation>Den Ordner wählen</translation>
    </message>
    <message>
        <source>Optional: https address of a folder that holds the files</source>
        <translation>Optional: https-Adresse eines Ordners, der die Dateien enthält</translation>
    </message>
    <message>
        <source>&amp;Folder</source>
        <translation>&amp;Ordner</translation>
    </message>
    <message>
        <source>&amp;Mirror</source>
        <translation>&amp;Spiegelserver</translation>
    </message>
    <message>
        <source>&amp;Download</source>
        <translation>&amp;Herunterladen</translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation>&amp;Abbrechen</translation>
    </message>
    <message>
        <source>&amp;Open</source>
        <translation>Ö&amp;ffnen</translation>
    </message>
    <message>
        <source>C&amp;lose</source>
        <translation>S&amp;chließen</translation>
    </message>
    <message>
        <source>no direct address</source>
        <translation>keine direkte Adresse</translation>
    </message>
    <message>
        <source>part, %1</source>
        <translation>Teil, %1</translation>
    </message>
    <message>
        <source>There is no direct public address.</source>
        <translation>Es gibt keine direkte öffentliche Adresse.</translation>
    </message>
    <message>
        <source>No SHA-256 is published; the computed one is shown.</source>
        <translation>Es ist kein SHA-256 veröffentlicht; der berechnete wird angezeigt.</translation>
    </message>
    <message>
        <source>The published beginning of the SHA-256 is checked.</source>
        <translation>Der veröffentlichte Anfang des SHA-256 wird geprüft.</translation>
    </message>
    <message>
        <source>The published SHA-256 is checked.</source>
        <translation>Der veröffentlichte SHA-256 wird geprüft.</translation>
    </message>
    <message>
        <source>Accuracy from: %1.</source>
        <translation>Genauigkeit aus: %1.</translation>
    </message>
    <message>
        <source>No model has these words in its name.</source>
        <translation>Kein Modell hat diese Wörter im Namen.</translation>
    </message>
    <message>
        <source>Choose a model in the table first.</source>
        <translation>Zuerst ein Modell in der Tabelle wählen.</translation>
    </message>
    <message>
        <source>The file is there already.</source>
        <translation>Die Datei ist schon vorhanden.</translation>
    </message>
    <message>
        <source>Name the folder to save the file in.</source>
        <translation>Den Ordner angeben, in dem die Datei gespeichert werden soll.</translation>
    </message>
    <message>
        <source>There is no public address of this file: name a mirror, or get it with a browser.</source>
        <translation>Für diese Datei gibt es keine öffentliche Adresse: einen Spiegelserver angeben oder sie mit einem Browser holen.</translation>
    </message>
    <message>
        <source>A download is in progress.</source>
        <translation>Es wird gerade heruntergeladen.</translation>
    </message>
    <message>
        <source>What was received is kept and continued later.</source>
        <translation>Was empfangen wurde, bleibt erhalten und wird später fortgesetzt.</translation>
    </message>
    <message>
        <source>Nothing is running.</source>
        <translation>Es läuft nichts.</translation>
    </message>
    <message>
        <source>The file is not there yet.</source>
        <translation>Die Datei ist noch nicht vorhanden.</translation>
    </message>
    <message>
        <source>Connecting…</source>
        <translation>Verbinden…</translation>
    </message>
    <message>
        <source>Folder to save models in</source>
        <translation>Ordner zum Speichern der Modelle</translation>
    </message>
    <message>
        <source>Verifying…</source>
        <translation>Prüfen…</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 von %2</translation>
    </message>
    <message>
        <source> · %1 per second</source>
        <translation> · %1 pro Sekunde</translation>
    </message>
    <message>
        <source> · %1 left</source>
        <translation> · noch %1</translation>
    </message>
    <message>
        <source>Trying again in %1: %2</source>
        <translation>Nächster Versuch in %1: %2</translation>
    </message>
    <message>
        <source>%1: the SHA-256 is as published.</source>
        <translation>%1: Der SHA-256 ist wie veröffentlicht.</translation>
    </message>
    <message>
        <source>%1: no SHA-256 is published; this file&apos;s is %2.</source>
        <translation>%1: Es ist kein SHA-256 veröffentlicht; der dieser Datei ist %2.</translation>
    </message>
    <message>
        <source>Stopped; what was received is kept and continued later.</source>
        <translation>Angehalten; was empfangen wurde, bleibt erhalten und wird später fortgesetzt.</translation>
    </message>
    <message>
        <source>The file was not saved.</source>
        <translation>Die Datei wurde nicht gespeichert.</translation>
    </message>
    <message>
        <source>Con&amp;tinue download</source>
        <translation>&amp;Weiter herunterladen</translation>
    </message>
</context>
<context>
    <name>quantoscope::GuideStrip</name>
    <message>
        <source>Show &amp;me</source>
        <translation>&amp;Zeigen</translation>
    </message>
    <message>
        <source>Brings to the front what this step is about</source>
        <translation>Bringt nach vorn, worum es in diesem Schritt geht</translation>
    </message>
    <message>
        <source>&amp;Dismiss</source>
        <translation>&amp;Schließen</translation>
    </message>
    <message>
        <source>Not shown again by itself; the Help menu has it</source>
        <translation>Erscheint nicht mehr von selbst; im Menü Hilfe ist er weiterhin</translation>
    </message>
    <message>
        <source>This is a small demo model, calibrated for you. See in Ranges how far the channels of each layer lie apart: wide spreads are what one scale per layer cannot hold.</source>
        <translation>Ein kleines Demo-Modell, fertig kalibriert. Sehen Sie unter Bereiche, wie weit die Kanäle jeder Schicht auseinanderliegen: Große Spannen hält eine einzige Skala je Schicht nicht aus.</translation>
    </message>
    <message>
        <source>Select the layer that loses most: the lowest SQNR in the model tree. All plots follow the selection.</source>
        <translation>Wählen Sie die Schicht, die am meisten verliert: das niedrigste SQNR im Modellbaum. Alle Diagramme folgen der Auswahl.</translation>
    </message>
    <message>
        <source>Switch that layer to float: press F in the model tree, or Float below it.</source>
        <translation>Schalten Sie diese Schicht auf Gleitkomma: Taste F im Modellbaum oder Float darunter.</translation>
    </message>
    <message>
        <source>Run again (F5). Calibration is kept, so this takes only an evaluation.</source>
        <translation>Führen Sie noch einmal aus (F5). Die Kalibrierung bleibt, es kostet nur eine Auswertung.</translation>
    </message>
    <message>
        <source>Compare in Evaluations: &quot;Δ above&quot; is the change against the row above on the same images, p says whether it is more than chance.</source>
        <translation>Vergleichen Sie unter Auswertungen: „Δ darüber“ ist die Änderung gegen die Zeile darüber auf denselben Bildern, p sagt, ob sie mehr als Zufall ist.</translation>
    </message>
    <message>
        <source>Now your own model: Ctrl+O opens a checkpoint, or get a published one.</source>
        <translation>Nun Ihr eigenes Modell: Strg+O öffnet einen Checkpoint, oder holen Sie einen veröffentlichten.</translation>
    </message>
    <message>
        <source>Step %1, done</source>
        <translation>Schritt %1, erledigt</translation>
    </message>
    <message>
        <source>Step %1</source>
        <translation>Schritt %1</translation>
    </message>
    <message>
        <source>That was the guided path. The Help menu has it again, and all shortcuts.</source>
        <translation>Das war der geführte Weg. Im Menü Hilfe finden Sie ihn wieder, und alle Tastenkürzel.</translation>
    </message>
    <message>
        <source>Every step is done.</source>
        <translation>Alle Schritte sind erledigt.</translation>
    </message>
</context>
<context>
    <name>quantoscope::JobTableModel</name>
    <message>
        <source>Open model %1</source>
        <translation>Modell %1 öffnen</translation>
    </message>
    <message>
        <source>Open %1</source>
        <translation>%1 öffnen</translation>
    </message>
    <message>
        <source>Write %1</source>
        <translation>%1 schreiben</translation>
    </message>
    <message>
        <source>Check</source>
        <translation>Prüfen</translation>
    </message>
    <message>
        <source>Estimate the cost</source>
        <translation>Aufwand schätzen</translation>
    </message>
    <message>
        <source>Measure sensitivity and attention</source>
        <translation>Empfindlichkeit und Aufmerksamkeit messen</translation>
    </message>
    <message>
        <source>Search precision</source>
        <translation>Bitbreiten suchen</translation>
    </message>
    <message>
        <source>Evaluate in float</source>
        <translation>In Float auswerten</translation>
    </message>
    <message>
        <source>Evaluate %1</source>
        <translation>%1 auswerten</translation>
    </message>
    <message>
        <source>Calibrate %1</source>
        <translation>%1 kalibrieren</translation>
    </message>
    <message>
        <source>%1, plan of %2 rules</source>
        <translation>%1, Plan mit %2 Regeln</translation>
    </message>
    <message>
        <source>waiting</source>
        <translation>wartet</translation>
    </message>
    <message>
        <source>running</source>
        <translation>läuft</translation>
    </message>
    <message>
        <source>pausing…</source>
        <translation>hält an…</translation>
    </message>
    <message>
        <source>paused</source>
        <translation>angehalten</translation>
    </message>
    <message>
        <source>finished</source>
        <translation>fertig</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>fehlgeschlagen</translation>
    </message>
    <message>
        <source>cancelled</source>
        <translation>abgebrochen</translation>
    </message>
    <message>
        <source>%1: %2 of %3</source>
        <translation>%1: %2 von %3</translation>
    </message>
    <message>
        <source>Not repeated: %1</source>
        <translation>Nicht wiederholt: %1</translation>
    </message>
    <message>
        <source>Started anew: %1</source>
        <translation>Neu begonnen: %1</translation>
    </message>
    <message>
        <source>Job</source>
        <translation>Auftrag</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>Result table %1</source>
        <translation>Ergebnistabelle %1</translation>
    </message>
    <message>
        <source>%1, calibrated on %2 images, seed %3</source>
        <translation>%1, kalibriert auf %2 Bildern, Seed %3</translation>
    </message>
</context>
<context>
    <name>quantoscope::JobsPanel</name>
    <message>
        <source>Queue of jobs</source>
        <translation>Warteschlange der Aufträge</translation>
    </message>
    <message>
        <source>Earlier</source>
        <translation>Früher</translation>
    </message>
    <message>
        <source>Later</source>
        <translation>Später</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>Fortsetzen</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Clear ended</source>
        <translation>Beendete entfernen</translation>
    </message>
    <message>
        <source>Select a job first.</source>
        <translation>Wählen Sie zuerst einen Auftrag.</translation>
    </message>
    <message>
        <source>Only waiting and paused jobs can be moved.</source>
        <translation>Nur wartende und angehaltene Aufträge können verschoben werden.</translation>
    </message>
    <message>
        <source>It is the first of those that wait.</source>
        <translation>Er ist der erste der wartenden.</translation>
    </message>
    <message>
        <source>Before the job above (Alt and Up)</source>
        <translation>Vor den Auftrag darüber (Alt und Auf)</translation>
    </message>
    <message>
        <source>It is the last of those that wait.</source>
        <translation>Er ist der letzte der wartenden.</translation>
    </message>
    <message>
        <source>Behind the job below (Alt and Down)</source>
        <translation>Hinter den Auftrag darunter (Alt und Ab)</translation>
    </message>
    <message>
        <source>Stops behind the current batch; others may run meanwhile</source>
        <translation>Hält hinter dem laufenden Stapel an; andere können inzwischen laufen</translation>
    </message>
    <message>
        <source>Goes on behind the last finished batch; an interrupted calibration starts anew</source>
        <translation>Geht hinter dem letzten fertigen Stapel weiter; eine unterbrochene Kalibrierung beginnt neu</translation>
    </message>
    <message>
        <source>This job has ended.</source>
        <translation>Dieser Auftrag ist beendet.</translation>
    </message>
    <message>
        <source>Stops behind the current batch (Delete)</source>
        <translation>Hört hinter dem laufenden Stapel auf (Entf)</translation>
    </message>
    <message>
        <source>No job has ended.</source>
        <translation>Kein Auftrag ist beendet.</translation>
    </message>
    <message>
        <source>Takes the jobs that ended off the list</source>
        <translation>Nimmt die beendeten Aufträge aus der Liste</translation>
    </message>
    <message>
        <source>Only jobs that wait or work can be paused.</source>
        <translation>Nur Aufträge, die warten oder arbeiten, lassen sich anhalten.</translation>
    </message>
    <message>
        <source>A job of this kind runs to its end.</source>
        <translation>Ein Auftrag dieser Art läuft bis zum Ende.</translation>
    </message>
    <message>
        <source>Only paused, cancelled or failed jobs can be resumed.</source>
        <translation>Nur angehaltene, abgebrochene oder fehlgeschlagene Aufträge lassen sich fortsetzen.</translation>
    </message>
</context>
<context>
    <name>quantoscope::LargeDataGuard</name>
    <message>
        <source>The model %1 is large: %2. Open it?</source>
        <translation>Das Modell %1 ist groß: %2. Soll es geöffnet werden?</translation>
    </message>
    <message>
        <source>The run file %1 is large: %2. Open it?</source>
        <translation>Die Laufdatei %1 ist groß: %2. Soll sie geöffnet werden?</translation>
    </message>
    <message>
        <source>The project %1 is large: %2. Open it?</source>
        <translation>Das Projekt %1 ist groß: %2. Soll es geöffnet werden?</translation>
    </message>
    <message>
        <source>Quantoscope</source>
        <translation>Quantoscope</translation>
    </message>
    <message>
        <source>Opening it takes about %1, working with it about %2 of memory.</source>
        <translation>Das Öffnen dauert etwa %1, die Arbeit damit braucht etwa %2 Speicher.</translation>
    </message>
    <message>
        <source>Opening it takes about %1 and %2 of memory.</source>
        <translation>Das Öffnen dauert etwa %1 und braucht etwa %2 Speicher.</translation>
    </message>
    <message>
        <source>%1 are free now.</source>
        <translation>Jetzt sind %1 frei.</translation>
    </message>
    <message>
        <source>That is not enough: the computer may become very slow, or end the program.</source>
        <translation>Das reicht nicht: Der Rechner kann sehr langsam werden oder das Programm beenden.</translation>
    </message>
    <message>
        <source>&amp;Open</source>
        <translation>Ö&amp;ffnen</translation>
    </message>
    <message>
        <source>&amp;Do not ask again</source>
        <translation>&amp;Nicht mehr fragen</translation>
    </message>
    <message>
        <source>Can be undone in the settings</source>
        <translation>Kann in den Einstellungen rückgängig gemacht werden</translation>
    </message>
</context>
<context>
    <name>quantoscope::LayerAxis</name>
    <message>
        <source>in</source>
        <comment>layers before the blocks</comment>
        <translation>ein</translation>
    </message>
    <message>
        <source>out</source>
        <comment>layers after the blocks</comment>
        <translation>aus</translation>
    </message>
    <message>
        <source>Layer in network order (B: transformer block)</source>
        <translation>Schicht in Netzreihenfolge (B: Transformer-Block)</translation>
    </message>
</context>
<context>
    <name>quantoscope::LevelsControls</name>
    <message>
        <source>Quantizer to adjust</source>
        <translation>Einzustellender Quantisierer</translation>
    </message>
    <message>
        <source>Which of the drawn quantizers the controls change</source>
        <translation>Welchen der gezeichneten Quantisierer die Regler ändern</translation>
    </message>
    <message>
        <source>Bits of this quantizer</source>
        <translation>Bits dieses Quantisierers</translation>
    </message>
    <message>
        <source> bit</source>
        <translation> Bit</translation>
    </message>
    <message>
        <source>Calibrated</source>
        <translation>Kalibriert</translation>
    </message>
    <message>
        <source>As calibration left this layer</source>
        <translation>Wie von der Kalibrierung bestimmt</translation>
    </message>
    <message>
        <source>Observed range</source>
        <translation>Beobachteter Bereich</translation>
    </message>
    <message>
        <source>Hold every value that was seen</source>
        <translation>Umfasst jeden gesehenen Wert</translation>
    </message>
    <message>
        <source>Least error</source>
        <translation>Kleinster Fehler</translation>
    </message>
    <message>
        <source>Of 100 shrunk ranges the one of least squared error</source>
        <translation>Von 100 verkleinerten Bereichen der mit dem kleinsten quadratischen Fehler</translation>
    </message>
    <message>
        <source>Scale</source>
        <translation>Skala</translation>
    </message>
    <message>
        <source>Second scale</source>
        <translation>Zweite Skala</translation>
    </message>
    <message>
        <source>Scale of the small or negative values</source>
        <translation>Skala der kleinen oder negativen Werte</translation>
    </message>
    <message>
        <source>Zero point</source>
        <translation>Nullpunkt</translation>
    </message>
    <message>
        <source>Largest level</source>
        <translation>Größte Stufe</translation>
    </message>
    <message>
        <source>Calibration gave this layer no quantizer of this kind</source>
        <translation>Die Kalibrierung gab dieser Schicht keinen Quantisierer dieser Art</translation>
    </message>
</context>
<context>
    <name>quantoscope::LevelsPlot</name>
    <message>
        <source>%1: attention weights against quantizer levels</source>
        <translation>%1: Attention-Gewichte und Quantisierungsstufen</translation>
    </message>
    <message>
        <source>%1: values against quantizer levels</source>
        <translation>%1: Werte und Quantisierungsstufen</translation>
    </message>
    <message>
        <source>Magnitudes; negative values dashed.</source>
        <translation>Beträge; negative Werte gestrichelt.</translation>
    </message>
    <message>
        <source>PTF is estimated from the channels&apos; ranges and the histogram of the whole tap, within about 0.75 dB.</source>
        <translation>PTF ist aus den Bereichen der Kanäle und dem Histogramm des ganzen Messpunkts geschätzt, auf etwa 0,75 dB.</translation>
    </message>
    <message>
        <source>Values [%]</source>
        <translation>Werte [%]</translation>
    </message>
    <message>
        <source>Attention weight</source>
        <translation>Attention-Gewicht</translation>
    </message>
    <message>
        <source>Magnitude of the value</source>
        <translation>Betrag des Wertes</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Wert</translation>
    </message>
    <message>
        <source>Mass [%]</source>
        <translation>Masse [%]</translation>
    </message>
    <message>
        <source>Share [%]</source>
        <translation>Anteil [%]</translation>
    </message>
    <message>
        <source>magnitudes up to %1, zero included: %2</source>
        <translation>Beträge bis %1, Null eingeschlossen: %2</translation>
    </message>
    <message>
        <source>%1 to %2: %3 of the values</source>
        <translation>%1 bis %2: %3 der Werte</translation>
    </message>
    <message>
        <source>Levels</source>
        <translation>Stufen</translation>
    </message>
    <message>
        <source>uniform</source>
        <translation>gleichförmig</translation>
    </message>
    <message>
        <source>log2</source>
        <translation>log2</translation>
    </message>
    <message>
        <source>log-int-softmax</source>
        <translation>log-int-softmax</translation>
    </message>
    <message>
        <source>twin uniform</source>
        <translation>doppelt gleichförmig</translation>
    </message>
    <message>
        <source>PTF</source>
        <translation>PTF</translation>
    </message>
    <message>
        <source>Run a calibration to see how values are distributed over the quantizer&apos;s levels.</source>
        <translation>Eine Kalibrierung ausführen, um zu sehen, wie sich die Werte auf die Stufen des Quantisierers verteilen.</translation>
    </message>
    <message>
        <source>Select a layer, for instance an attention softmax, to see its values against the quantizer&apos;s levels.</source>
        <translation>Eine Schicht auswählen, zum Beispiel ein Attention-Softmax, um ihre Werte neben den Stufen des Quantisierers zu sehen.</translation>
    </message>
    <message>
        <source>No histogram of %1 was recorded in this run.</source>
        <translation>In diesem Lauf wurde kein Histogramm von %1 aufgezeichnet.</translation>
    </message>
    <message>
        <source>as calibrated</source>
        <translation>wie kalibriert</translation>
    </message>
    <message>
        <source>observed range</source>
        <translation>beobachteter Bereich</translation>
    </message>
    <message>
        <source>as chosen</source>
        <translation>wie gewählt</translation>
    </message>
    <message>
        <source>least error</source>
        <translation>kleinster Fehler</translation>
    </message>
    <message>
        <source>%1 %2 bit: SQNR %3 dB, MSE %4, %5/%6 levels used</source>
        <translation>%1 %2 Bit: SQNR %3 dB, MSE %4, %5/%6 Stufen belegt</translation>
    </message>
    <message>
        <source>, clipped %1 (%2 of the error)</source>
        <translation>; abgeschnitten %1 (%2 des Fehlers)</translation>
    </message>
    <message>
        <source>, %1 of mass to 0</source>
        <translation>; %1 der Masse auf 0</translation>
    </message>
    <message>
        <source>percentile %1 of the magnitudes</source>
        <translation>Perzentil %1 der Beträge</translation>
    </message>
    <message>
        <source>percentile %1</source>
        <translation>Perzentil %1</translation>
    </message>
    <message>
        <source>%1 level %2 (%5 of %6): %3 of the values, %4 of the mass</source>
        <translation>%1 Stufe %2 (%5 von %6): %3 der Werte, %4 der Masse</translation>
    </message>
</context>
<context>
    <name>quantoscope::MainWindow</name>
    <message>
        <source>Quantoscope</source>
        <translation>Quantoscope</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>Lauf</translation>
    </message>
    <message>
        <source>Evaluations</source>
        <translation>Auswertungen</translation>
    </message>
    <message>
        <source>Simulated quantization: accuracy, not speed</source>
        <translation>Simulierte Quantisierung: Genauigkeit, nicht Geschwindigkeit</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Datei</translation>
    </message>
    <message>
        <source>&amp;Open model…</source>
        <translation>&amp;Modell öffnen…</translation>
    </message>
    <message>
        <source>Open r&amp;un…</source>
        <translation>&amp;Lauf öffnen…</translation>
    </message>
    <message>
        <source>&amp;Recent files</source>
        <translation>&amp;Zuletzt geöffnet</translation>
    </message>
    <message>
        <source>Export &amp;plot…</source>
        <translation>&amp;Diagramm exportieren…</translation>
    </message>
    <message>
        <source>Export a&amp;ll plots…</source>
        <translation>&amp;Alle Diagramme exportieren…</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>&amp;Beenden</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>&amp;Bearbeiten</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>&amp;Rückgängig</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation>&amp;Wiederholen</translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation>&amp;Kopieren</translation>
    </message>
    <message>
        <source>&amp;Filter layers</source>
        <translation>Schichten &amp;filtern</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>&amp;Ansicht</translation>
    </message>
    <message>
        <source>&amp;Reset layout</source>
        <translation>Anordnung &amp;zurücksetzen</translation>
    </message>
    <message>
        <source>&amp;Run</source>
        <translation>A&amp;usführen</translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation>A&amp;bbrechen</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>&amp;Hilfe</translation>
    </message>
    <message>
        <source>&amp;Shortcuts</source>
        <translation>&amp;Tastenkürzel</translation>
    </message>
    <message>
        <source>&amp;About Quantoscope</source>
        <translation>Ü&amp;ber Quantoscope</translation>
    </message>
    <message>
        <source>Wrote %1</source>
        <translation>%1 geschrieben</translation>
    </message>
    <message>
        <source>%1 · %2 parameters · depth %3, width %4, heads %5</source>
        <translation>%1 · %2 Parameter · Tiefe %3, Breite %4, Köpfe %5</translation>
    </message>
    <message>
        <source>Export all plots as PNG and SVG into</source>
        <translation>Alle Diagramme als PNG und SVG exportieren nach</translation>
    </message>
    <message>
        <source>Wrote %1 files to %2</source>
        <translation>%1 Dateien nach %2 geschrieben</translation>
    </message>
    <message>
        <source>Open model</source>
        <translation>Modell öffnen</translation>
    </message>
    <message>
        <source>Checkpoints (*.safetensors *.pth *.pt *.bin *.npz *.json);;All files (*)</source>
        <translation>Checkpoints (*.safetensors *.pth *.pt *.bin *.npz *.json);;Alle Dateien (*)</translation>
    </message>
    <message>
        <source>Open run</source>
        <translation>Lauf öffnen</translation>
    </message>
    <message>
        <source>Run files (*.h5 *.hdf5);;All files (*)</source>
        <translation>Laufdateien (*.h5 *.hdf5);;Alle Dateien (*)</translation>
    </message>
    <message>
        <source>Export report</source>
        <translation>Bericht exportieren</translation>
    </message>
    <message>
        <source>There is no run yet: run an evaluation or open a run file.</source>
        <translation>Es gibt noch keinen Lauf: eine Auswertung ausführen oder eine Laufdatei öffnen.</translation>
    </message>
    <message>
        <source>The plot with the focus as PNG, SVG, PDF or CSV</source>
        <translation>Das aktive Diagramm als PNG, SVG, PDF oder CSV</translation>
    </message>
    <message>
        <source>Every plot as PNG and SVG into a folder</source>
        <translation>Jedes Diagramm als PNG und SVG in einen Ordner</translation>
    </message>
    <message>
        <source>The plot as image and its data as a table, or the selected rows</source>
        <translation>Das Diagramm als Bild und seine Daten als Tabelle oder die ausgewählten Zeilen</translation>
    </message>
    <message>
        <source>Calibrates, evaluates and measures as chosen in the form</source>
        <translation>Kalibriert, wertet aus und misst wie im Formular gewählt</translation>
    </message>
    <message>
        <source>Nothing is running.</source>
        <translation>Es läuft nichts.</translation>
    </message>
    <message>
        <source>Stops within one batch; the finished part stays</source>
        <translation>Hält innerhalb eines Batches an; der fertige Teil bleibt erhalten</translation>
    </message>
    <message>
        <source>A run is in progress.</source>
        <translation>Ein Lauf ist im Gang.</translation>
    </message>
    <message>
        <source>A checkpoint file (safetensors, .pth, .npz), or config.json for its folder</source>
        <translation>Eine Checkpoint-Datei (safetensors, .pth, .npz) oder config.json für deren Ordner</translation>
    </message>
    <message>
        <source>A run file (*.h5) that was exported earlier</source>
        <translation>Eine früher exportierte Laufdatei (*.h5)</translation>
    </message>
    <message>
        <source>F, 8, 6, 4, R</source>
        <translation>F, 8, 6, 4, R</translation>
    </message>
    <message>
        <source>Model tree: bits of the selected layers (R: recipe)</source>
        <translation>Modellbaum: Bit der ausgewählten Schichten (R: Rezept)</translation>
    </message>
    <message>
        <source>Wheel, + and −</source>
        <translation>Mausrad, + und −</translation>
    </message>
    <message>
        <source>Plot: zoom</source>
        <translation>Diagramm: Zoom</translation>
    </message>
    <message>
        <source>Drag</source>
        <translation>Ziehen</translation>
    </message>
    <message>
        <source>Plot: move</source>
        <translation>Diagramm: Verschieben</translation>
    </message>
    <message>
        <source>Double click, Home</source>
        <translation>Doppelklick, Pos1</translation>
    </message>
    <message>
        <source>Plot: show everything</source>
        <translation>Diagramm: Alles zeigen</translation>
    </message>
    <message>
        <source>Left, Right</source>
        <translation>Links, Rechts</translation>
    </message>
    <message>
        <source>Plot: previous or next layer</source>
        <translation>Diagramm: vorige oder nächste Schicht</translation>
    </message>
    <message>
        <source>Shortcuts</source>
        <translation>Tastenkürzel</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Tasten</translation>
    </message>
    <message>
        <source>Action</source>
        <translation>Aktion</translation>
    </message>
    <message>
        <source>About Quantoscope</source>
        <translation>Über Quantoscope</translation>
    </message>
    <message>
        <source>Quantoscope %1</source>
        <translation>Quantoscope %1</translation>
    </message>
    <message>
        <source>A workbench for post-training quantization of vision transformers.

Simulated quantization: the figures say what the accuracy would be, not how fast an integer device is.

Free software under the GNU General Public License, version 3 or later.</source>
        <translation>Eine Werkbank für die Quantisierung von Vision-Transformern nach dem Training.

Simulierte Quantisierung: Die Zahlen sagen, wie hoch die Genauigkeit wäre, nicht wie schnell ein Integer-Gerät ist.

Freie Software unter der GNU General Public License, Version 3 oder neuer.</translation>
    </message>
    <message>
        <source>Check</source>
        <translation>Prüfen</translation>
    </message>
    <message>
        <source>C&amp;heck</source>
        <translation>&amp;Prüfen</translation>
    </message>
    <message>
        <source>Do model, images, labels and preprocessing belong together?</source>
        <translation>Passen Modell, Bilder, Klassenangaben und Vorverarbeitung zusammen?</translation>
    </message>
    <message>
        <source>&amp;Get a model…</source>
        <translation>Modell &amp;holen…</translation>
    </message>
    <message>
        <source>Download the published checkpoint of a known model</source>
        <translation>Den veröffentlichten Checkpoint eines bekannten Modells herunterladen</translation>
    </message>
    <message>
        <source>Shift and drag</source>
        <translation>Umschalt und ziehen</translation>
    </message>
    <message>
        <source>Plot: zoom into a box</source>
        <translation>Diagramm: in ein Rechteck hineinzoomen</translation>
    </message>
    <message>
        <source>Ctrl with + and −</source>
        <translation>Strg mit + und −</translation>
    </message>
    <message>
        <source>Plot: zoom the vertical axis</source>
        <translation>Diagramm: senkrechte Achse zoomen</translation>
    </message>
    <message>
        <source>Shift and arrow keys</source>
        <translation>Umschalt und Pfeiltasten</translation>
    </message>
    <message>
        <source>L</source>
        <translation>L</translation>
    </message>
    <message>
        <source>Plot: logarithmic or linear axis</source>
        <translation>Diagramm: logarithmische oder lineare Achse</translation>
    </message>
    <message>
        <source>Click on the legend</source>
        <translation>Klick auf die Legende</translation>
    </message>
    <message>
        <source>Plot: show or hide a series</source>
        <translation>Diagramm: Reihe zeigen oder verbergen</translation>
    </message>
    <message>
        <source>&amp;Export report…</source>
        <translation>Bericht &amp;exportieren…</translation>
    </message>
    <message>
        <source>Run files (*.h5);;Web page with plots (*.html);;PDF (*.pdf);;Table of taps (*.csv)</source>
        <translation>Laufdateien (*.h5);;Webseite mit Diagrammen (*.html);;PDF (*.pdf);;Tabelle der Messpunkte (*.csv)</translation>
    </message>
    <message>
        <source>Everything about the run that is shown: HDF5, web page, PDF or table</source>
        <translation>Alles zum gezeigten Lauf: HDF5, Webseite, PDF oder Tabelle</translation>
    </message>
    <message>
        <source>&amp;Settings…</source>
        <translation>&amp;Einstellungen…</translation>
    </message>
    <message>
        <source>Open searc&amp;h…</source>
        <translation>Suche ö&amp;ffnen…</translation>
    </message>
    <message>
        <source>Export sear&amp;ch…</source>
        <translation>Su&amp;che exportieren…</translation>
    </message>
    <message>
        <source>Search &amp;precision…</source>
        <translation>&amp;Genauigkeit suchen…</translation>
    </message>
    <message>
        <source>plan %1</source>
        <translation>Plan %1</translation>
    </message>
    <message>
        <source>Plan %1: %2 layers differ from the recipe. Run (F5) evaluates it.</source>
        <translation>Plan %1: %2 Schichten weichen vom Rezept ab. Ausführen (F5) wertet ihn aus.</translation>
    </message>
    <message>
        <source>Which layers need how many bits under a budget of bits, bytes or bit operations</source>
        <translation>Welche Schichten wie viele Bits brauchen, bei einem Budget an Bits, Bytes oder Bitoperationen</translation>
    </message>
    <message>
        <source>Nothing was searched yet.</source>
        <translation>Es wurde noch nichts gesucht.</translation>
    </message>
    <message>
        <source>Sensitivity, front and plans as one JSON file</source>
        <translation>Empfindlichkeit, Front und Pläne in einer JSON-Datei</translation>
    </message>
    <message>
        <source>The search.json of an earlier precision search</source>
        <translation>Die search.json einer früheren Genauigkeitssuche</translation>
    </message>
    <message>
        <source>Open search</source>
        <translation>Suche öffnen</translation>
    </message>
    <message>
        <source>Precision searches (*.json);;All files (*)</source>
        <translation>Genauigkeitssuchen (*.json);;Alle Dateien (*)</translation>
    </message>
    <message>
        <source>Export search</source>
        <translation>Suche exportieren</translation>
    </message>
    <message>
        <source>Precision searches (*.json)</source>
        <translation>Genauigkeitssuchen (*.json)</translation>
    </message>
    <message>
        <source>Jobs</source>
        <translation>Aufträge</translation>
    </message>
    <message>
        <source>Plan</source>
        <translation>Plan</translation>
    </message>
    <message>
        <source>plan of %1</source>
        <translation>Plan von %1</translation>
    </message>
    <message>
        <source>&amp;Plan</source>
        <translation>&amp;Plan</translation>
    </message>
    <message>
        <source>%1[*] – Quantoscope</source>
        <translation>%1[*] – Quantoscope</translation>
    </message>
    <message>
        <source>the weights %1 have the hash %2 instead of %3; left out with them:</source>
        <translation>die Gewichte %1 haben den Hash %2 statt %3; mit ihnen weggelassen:</translation>
    </message>
    <message>
        <source>the plan</source>
        <translation>der Plan</translation>
    </message>
    <message>
        <source>run %1</source>
        <translation>Lauf %1</translation>
    </message>
    <message>
        <source>the finished part of a job, which starts anew</source>
        <translation>der fertige Teil eines Auftrags, der neu beginnt</translation>
    </message>
    <message>
        <source>Result table</source>
        <translation>Ergebnistabelle</translation>
    </message>
    <message>
        <source>Changes</source>
        <translation>Änderungen</translation>
    </message>
    <message>
        <source>Panels</source>
        <translation>Bereiche des Fensters</translation>
    </message>
    <message>
        <source>Nothing of the plan was changed yet.</source>
        <translation>Am Plan wurde noch nichts geändert.</translation>
    </message>
    <message>
        <source>Nothing was undone.</source>
        <translation>Es wurde nichts rückgängig gemacht.</translation>
    </message>
    <message>
        <source>&amp;Guided path</source>
        <translation>&amp;Geführter Weg</translation>
    </message>
    <message>
        <source>Six steps from the ranges of a model to a better plan</source>
        <translation>Sechs Schritte von den Bereichen eines Modells zu einem besseren Plan</translation>
    </message>
    <message>
        <source>No file was opened yet.</source>
        <translation>Es wurde noch keine Datei geöffnet.</translation>
    </message>
    <message>
        <source>Previous &amp;layer</source>
        <translation>&amp;Vorige Schicht</translation>
    </message>
    <message>
        <source>Next l&amp;ayer</source>
        <translation>&amp;Nächste Schicht</translation>
    </message>
    <message>
        <source>Next &amp;panel</source>
        <translation>Nächster &amp;Bereich</translation>
    </message>
    <message>
        <source>Pre&amp;vious panel</source>
        <translation>Voriger Be&amp;reich</translation>
    </message>
    <message>
        <source>No other layer was selected.</source>
        <translation>Es wurde keine andere Schicht ausgewählt.</translation>
    </message>
    <message>
        <source>The layer that was selected before</source>
        <translation>Die zuvor ausgewählte Schicht</translation>
    </message>
    <message>
        <source>Back to where Previous layer came from</source>
        <translation>Zurück dorthin, woher „Vorige Schicht“ kam</translation>
    </message>
    <message>
        <source>Guided path</source>
        <translation>Geführter Weg</translation>
    </message>
    <message>
        <source>&amp;Enlarge plot</source>
        <translation>Diagramm v&amp;ergrößern</translation>
    </message>
    <message>
        <source>The plot with the focus takes the room of all plots; once more puts them back</source>
        <translation>Das Diagramm mit dem Fokus bekommt den Platz aller Diagramme; noch einmal stellt sie wieder her</translation>
    </message>
    <message numerus="yes">
        <source>Wrote %1; it cannot say everything of %n layers, and lists them</source>
        <translation>
            <numerusform>%1 geschrieben; die Datei kann von %n Schicht nicht alles ausdrücken und führt sie auf</numerusform>
            <numerusform>%1 geschrieben; die Datei kann von %n Schichten nicht alles ausdrücken und führt sie auf</numerusform>
        </translation>
    </message>
    <message>
        <source>Ctrl and drag</source>
        <translation>Strg und ziehen</translation>
    </message>
    <message>
        <source>Plot: select the layers in a box, to change their bits together</source>
        <translation>Diagramm: Schichten in einem Rechteck auswählen, um ihre Bits gemeinsam zu ändern</translation>
    </message>
    <message>
        <source>Save as &amp;batch job…</source>
        <translation>Als &amp;Stapelauftrag speichern…</translation>
    </message>
    <message>
        <source>What Run would do, as a file for quantoscope-cli batch, here or on another machine</source>
        <translation>Was „Ausführen“ täte, als Datei für quantoscope-cli batch, hier oder auf einem anderen Rechner</translation>
    </message>
    <message>
        <source>Save as batch job</source>
        <translation>Als Stapelauftrag speichern</translation>
    </message>
    <message>
        <source>Batch jobs (*.json)</source>
        <translation>Stapelaufträge (*.json)</translation>
    </message>
    <message>
        <source>the precision search</source>
        <translation>die Genauigkeitssuche</translation>
    </message>
    <message>
        <source>Link &amp;horizontal axes</source>
        <translation>&amp;Waagerechte Achsen verbinden</translation>
    </message>
    <message>
        <source>Plots show the same layers, the same channels of the selected layer and the same costs: zooming, moving or resetting one does so in the others</source>
        <translation>Diagramme zeigen dieselben Schichten, dieselben Kanäle der gewählten Schicht und dieselben Kosten: Wird eines vergrößert, verschoben oder zurückgesetzt, so geschieht es auch in den anderen</translation>
    </message>
</context>
<context>
    <name>quantoscope::MeasureActions</name>
    <message>
        <source>Measure &amp;sensitivity…</source>
        <translation>&amp;Empfindlichkeit messen…</translation>
    </message>
    <message>
        <source>&amp;Attention map…</source>
        <translation>&amp;Attention-Karte…</translation>
    </message>
    <message>
        <source>What quantizing each part alone costs, and what leaving it in float saves</source>
        <translation>Was es kostet, jeden Teil allein zu quantisieren, und was es spart, ihn in Gleitkomma zu lassen</translation>
    </message>
    <message>
        <source>Where the model looks in an image, float against quantized</source>
        <translation>Wohin das Modell in einem Bild blickt, Gleitkomma gegen quantisiert</translation>
    </message>
    <message>
        <source>Image for the attention map</source>
        <translation>Bild für die Attention-Karte</translation>
    </message>
    <message>
        <source>Images (*.jpg *.jpeg *.JPEG *.JPG *.png *.bmp *.webp);;All files (*)</source>
        <translation>Bilder (*.jpg *.jpeg *.JPEG *.JPG *.png *.bmp *.webp);;Alle Dateien (*)</translation>
    </message>
</context>
<context>
    <name>quantoscope::ModelPanel</name>
    <message>
        <source>Filter layers</source>
        <translation>Schichten filtern</translation>
    </message>
    <message>
        <source>Filter: fc2, softmax, block 3, float…</source>
        <translation>Filter: fc2, softmax, Block 3, float…</translation>
    </message>
    <message>
        <source>One list</source>
        <translation>Gesamtliste</translation>
    </message>
    <message>
        <source>All layers in one list, so that sorting by a column ranks the whole network</source>
        <translation>Alle Schichten in einer Liste, sodass das Sortieren nach einer Spalte das ganze Netz ordnet</translation>
    </message>
    <message>
        <source>Layers of the model</source>
        <translation>Schichten des Modells</translation>
    </message>
    <message>
        <source>Bits:</source>
        <translation>Bit:</translation>
    </message>
    <message>
        <source>Float</source>
        <translation>Float</translation>
    </message>
    <message>
        <source>Recipe</source>
        <translation>Rezept</translation>
    </message>
    <message>
        <source>Set the selected layers to %1 bits</source>
        <translation>Ausgewählte Schichten auf %1 Bit setzen</translation>
    </message>
    <message>
        <source>Leave the selected layers in float</source>
        <translation>Ausgewählte Schichten in Gleitkomma (float) lassen</translation>
    </message>
    <message>
        <source>Set the selected layers to what the recipe says</source>
        <translation>Ausgewählte Schichten auf die Vorgabe des Rezepts setzen</translation>
    </message>
    <message>
        <source>Open a checkpoint (safetensors, .pth, .npz, HuggingFace folder) with Ctrl+O, or drop one here.</source>
        <translation>Einen Checkpoint (safetensors, .pth, .npz, HuggingFace-Ordner) mit Strg+O öffnen oder hier ablegen.</translation>
    </message>
    <message>
        <source>Applies to the selected layers: %1</source>
        <translation>Gilt für die ausgewählten Schichten: %1</translation>
    </message>
    <message>
        <source>Select layers in the tree first.</source>
        <translation>Zuerst Schichten im Baum auswählen.</translation>
    </message>
    <message>
        <source>Get a model…</source>
        <translation>Modell holen…</translation>
    </message>
    <message>
        <source>Download the published checkpoint of a known model</source>
        <translation>Den veröffentlichten Checkpoint eines bekannten Modells herunterladen</translation>
    </message>
</context>
<context>
    <name>quantoscope::ParetoPlot</name>
    <message>
        <source>Search for mixed precision (Run, Search precision) to see what a budget of bits costs.</source>
        <translation>Suchen Sie gemischte Genauigkeit (Ausführen, Genauigkeit suchen), um zu sehen, was ein Bitbudget kostet.</translation>
    </message>
    <message>
        <source>Front, predicted</source>
        <translation>Front, vorhergesagt</translation>
    </message>
    <message>
        <source>One width everywhere, predicted</source>
        <translation>Überall eine Breite, vorhergesagt</translation>
    </message>
    <message>
        <source>Front, measured</source>
        <translation>Front, gemessen</translation>
    </message>
    <message>
        <source>One width everywhere, measured</source>
        <translation>Überall eine Breite, gemessen</translation>
    </message>
    <message>
        <source>%1, %2: loss at every budget</source>
        <translation>%1, %2: Verlust bei jedem Budget</translation>
    </message>
    <message>
        <source>Measured on %1 images, bars: 95 % interval.</source>
        <translation>Gemessen auf %1 Bildern, Balken: 95-%-Intervall.</translation>
    </message>
    <message>
        <source>%1 bit everywhere</source>
        <translation>Überall %1 Bit</translation>
    </message>
    <message>
        <source>On the front</source>
        <translation>Auf der Front</translation>
    </message>
    <message>
        <source>predicted KL %1</source>
        <translation>vorhergesagte KL %1</translation>
    </message>
    <message>
        <source>measured KL %1</source>
        <translation>gemessene KL %1</translation>
    </message>
    <message>
        <source>top-1 %1 % (%2 to %3)</source>
        <translation>Top-1 %1 % (%2 bis %3)</translation>
    </message>
    <message>
        <source>Budget</source>
        <translation>Budget</translation>
    </message>
    <message>
        <source>KL from float [nat]</source>
        <translation>KL von Gleitkomma [nat]</translation>
    </message>
    <message>
        <source>Predicted: sum of the divergences of single operators. Dashed: the budget, which can be dragged.</source>
        <translation>Vorhergesagt: Summe der Divergenzen einzelner Operatoren. Gestrichelt: das Budget; es lässt sich ziehen.</translation>
    </message>
    <message>
        <source>Every point of the front has at most %1 conversions.</source>
        <translation>Jeder Punkt der Front hat höchstens %1 Umwandlungen.</translation>
    </message>
</context>
<context>
    <name>quantoscope::PlanController</name>
    <message>
        <source>plan of %1</source>
        <translation>Plan von %1</translation>
    </message>
    <message>
        <source>&amp;Bits by name or type…</source>
        <translation>&amp;Bit nach Name oder Typ…</translation>
    </message>
    <message>
        <source>&amp;Presets</source>
        <translation>&amp;Vorgaben</translation>
    </message>
    <message>
        <source>&amp;Discard plan</source>
        <translation>Plan ver&amp;werfen</translation>
    </message>
    <message>
        <source>&amp;Open plan…</source>
        <translation>Plan ö&amp;ffnen…</translation>
    </message>
    <message>
        <source>Rules from a JSON file, in place of the present plan; can be undone</source>
        <translation>Regeln aus einer JSON-Datei anstelle des jetzigen Plans; kann rückgängig gemacht werden</translation>
    </message>
    <message>
        <source>&amp;Save plan…</source>
        <translation>Plan &amp;speichern…</translation>
    </message>
    <message>
        <source>&amp;Keep plan…</source>
        <translation>Plan &amp;merken…</translation>
    </message>
    <message>
        <source>Puts recipe and plan aside under a name</source>
        <translation>Legt Rezept und Plan unter einem Namen beiseite</translation>
    </message>
    <message>
        <source>preset %1</source>
        <translation>Vorgabe %1</translation>
    </message>
    <message>
        <source>Keep plan</source>
        <translation>Plan merken</translation>
    </message>
    <message>
        <source>Name of the plan</source>
        <translation>Name des Plans</translation>
    </message>
    <message>
        <source>Plan %1</source>
        <translation>Plan %1</translation>
    </message>
    <message>
        <source>plan from %1</source>
        <translation>Plan aus %1</translation>
    </message>
    <message>
        <source>Open plan</source>
        <translation>Plan öffnen</translation>
    </message>
    <message>
        <source>Plans (*.json);;All files (*)</source>
        <translation>Pläne (*.json);;Alle Dateien (*)</translation>
    </message>
    <message>
        <source>Save plan</source>
        <translation>Plan speichern</translation>
    </message>
    <message>
        <source>Plans (*.json)</source>
        <translation>Pläne (*.json)</translation>
    </message>
    <message>
        <source>No difference.</source>
        <translation>Kein Unterschied.</translation>
    </message>
    <message>
        <source>There is no plan: every layer is as the recipe says.</source>
        <translation>Es gibt keinen Plan: Jede Schicht ist, wie das Rezept sagt.</translation>
    </message>
    <message>
        <source>Choose a kept plan or a run to compare with first.</source>
        <translation>Wählen Sie zuerst einen gemerkten Plan oder einen Lauf zum Vergleichen.</translation>
    </message>
    <message>
        <source>Choose a kept plan to compare with first.</source>
        <translation>Wählen Sie zuerst einen gemerkten Plan zum Vergleichen.</translation>
    </message>
    <message>
        <source>Open a checkpoint first (File, Open model).</source>
        <translation>Öffnen Sie zuerst einen Checkpoint (Datei, Modell öffnen).</translation>
    </message>
    <message>
        <source>For example &quot;fc2 of blocks 4-7&quot;, or every softmax</source>
        <translation>Zum Beispiel &quot;fc2 of blocks 4-7&quot; oder jeder Softmax</translation>
    </message>
    <message>
        <source>Back to what the recipe says; can be undone</source>
        <translation>Zurück zu dem, was das Rezept sagt; kann rückgängig gemacht werden</translation>
    </message>
    <message>
        <source>The plan as a JSON file for quantoscope-cli and other models</source>
        <translation>Der Plan als JSON-Datei für quantoscope-cli und andere Modelle</translation>
    </message>
    <message>
        <source>After a run on this model, every change of the plan is predicted here.</source>
        <translation>Nach einem Lauf mit diesem Modell wird hier jede Änderung des Plans vorhergesagt.</translation>
    </message>
    <message>
        <source>The plan is the one of %1, which is measured.</source>
        <translation>Der Plan ist der von %1, und der ist gemessen.</translation>
    </message>
    <message>
        <source>Predicted from the stored statistics of %1, not measured: noise over signal of all layers %2 → %3.</source>
        <translation>Vorhergesagt aus den gespeicherten Statistiken von %1, nicht gemessen: Rauschen zu Signal aller Schichten %2 → %3.</translation>
    </message>
    <message>
        <source>%1: %2 dB → %3 dB predicted</source>
        <translation>%1: %2 dB → %3 dB vorhergesagt</translation>
    </message>
    <message>
        <source>Without a prediction: %1 of %2 changed layers. Run to measure.</source>
        <translation>Ohne Vorhersage: %1 von %2 geänderten Schichten. Ein Lauf misst sie.</translation>
    </message>
    <message>
        <source>For each changed layer alone: its new levels over the calibrated range are laid over the stored histogram; where scales are several, the measured rounding error is scaled with the square of the step. The sum adds up each layer&apos;s own noise over signal and knows nothing of how errors travel through the network, nor of accuracy: run to measure.</source>
        <translation>Für jede geänderte Schicht allein: Ihre neuen Stufen über dem kalibrierten Bereich werden auf das gespeicherte Histogramm gelegt; bei mehreren Skalen wird der gemessene Rundungsfehler mit dem Quadrat der Schrittweite skaliert. Die Summe addiert das eigene Rauschen zu Signal jeder Schicht und weiß nichts davon, wie Fehler durch das Netz wandern, und nichts von der Genauigkeit: Ein Lauf misst das.</translation>
    </message>
</context>
<context>
    <name>quantoscope::PlanEditor</name>
    <message>
        <source>recipe bits</source>
        <translation>Bit des Rezepts</translation>
    </message>
    <message>
        <source>float</source>
        <translation>Float</translation>
    </message>
    <message>
        <source>%1 bit</source>
        <translation>%1 Bit</translation>
    </message>
    <message>
        <source>%1 layers</source>
        <translation>%1 Schichten</translation>
    </message>
    <message>
        <source>%1 to %2</source>
        <comment>which layers to which bits</comment>
        <translation>%1 auf %2</translation>
    </message>
    <message>
        <source>%1 on</source>
        <translation>%1 an</translation>
    </message>
    <message>
        <source>%1 off</source>
        <translation>%1 aus</translation>
    </message>
    <message>
        <source>recipe %1</source>
        <translation>Rezept %1</translation>
    </message>
    <message>
        <source>interval search</source>
        <translation>Intervallsuche</translation>
    </message>
    <message>
        <source>bits %1</source>
        <translation>Bit %1</translation>
    </message>
    <message>
        <source>plan discarded</source>
        <translation>Plan verworfen</translation>
    </message>
</context>
<context>
    <name>quantoscope::PlanExport</name>
    <message>
        <source>&amp;Export plan…</source>
        <translation>Plan e&amp;xportieren…</translation>
    </message>
    <message>
        <source>The plan as AIMET, NNCF, ModelOpt or ONNX Runtime take it; a run&apos;s model as ONNX</source>
        <translation>Der Plan in der Form, die AIMET, NNCF, ModelOpt oder ONNX Runtime lesen; das Modell eines Laufs als ONNX</translation>
    </message>
    <message>
        <source>ONNX model with QuantizeLinear and DequantizeLinear</source>
        <translation>ONNX-Modell mit QuantizeLinear und DequantizeLinear</translation>
    </message>
    <message>
        <source>Recipe and plan do not fit the model: %1</source>
        <translation>Rezept und Plan passen nicht zum Modell: %1</translation>
    </message>
    <message>
        <source>Open a checkpoint or a run of a quantized model first.</source>
        <translation>Öffnen Sie zuerst einen Checkpoint oder einen Lauf eines quantisierten Modells.</translation>
    </message>
    <message>
        <source>Export plan</source>
        <translation>Plan exportieren</translation>
    </message>
</context>
<context>
    <name>quantoscope::PlanPanel</name>
    <message>
        <source>What the plan is compared with</source>
        <translation>Womit der Plan verglichen wird</translation>
    </message>
    <message>
        <source>What the plan changes</source>
        <translation>Was der Plan ändert</translation>
    </message>
    <message>
        <source>Compared &amp;with</source>
        <translation>Verglichen &amp;mit</translation>
    </message>
    <message>
        <source>&amp;Keep…</source>
        <translation>&amp;Merken…</translation>
    </message>
    <message>
        <source>&amp;Take over</source>
        <translation>Über&amp;nehmen</translation>
    </message>
    <message>
        <source>Re&amp;move</source>
        <translation>&amp;Entfernen</translation>
    </message>
    <message>
        <source>&amp;Discard</source>
        <translation>Ver&amp;werfen</translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation>&amp;Kopieren</translation>
    </message>
    <message>
        <source>Copies the difference as text</source>
        <translation>Kopiert den Unterschied als Text</translation>
    </message>
    <message>
        <source>the recipe</source>
        <translation>das Rezept</translation>
    </message>
    <message>
        <source>plan %1</source>
        <translation>Plan %1</translation>
    </message>
    <message>
        <source>run %1</source>
        <translation>Lauf %1</translation>
    </message>
    <message>
        <source>Puts recipe and plan aside under a name</source>
        <translation>Legt Rezept und Plan unter einem Namen beiseite</translation>
    </message>
    <message>
        <source>Back to what the recipe says; can be undone</source>
        <translation>Zurück zu dem, was das Rezept sagt; kann rückgängig gemacht werden</translation>
    </message>
    <message>
        <source>Recipe and plan of the one that is compared with; can be undone</source>
        <translation>Rezept und Plan dessen, womit verglichen wird; kann rückgängig gemacht werden</translation>
    </message>
    <message>
        <source>Forgets the kept plan</source>
        <translation>Vergisst den gemerkten Plan</translation>
    </message>
</context>
<context>
    <name>quantoscope::PlotView</name>
    <message>
        <source>Value under the pointer</source>
        <translation>Wert unter dem Mauszeiger</translation>
    </message>
    <message>
        <source>Export plot</source>
        <translation>Diagramm exportieren</translation>
    </message>
    <message>
        <source>PNG image (*.png);;SVG drawing (*.svg);;PDF document (*.pdf);;CSV table of the visible data (*.csv)</source>
        <translation>PNG-Bild (*.png);;SVG-Zeichnung (*.svg);;PDF-Dokument (*.pdf);;CSV-Tabelle der sichtbaren Daten (*.csv)</translation>
    </message>
    <message>
        <source>&amp;Copy image and data</source>
        <translation>Bild und Daten &amp;kopieren</translation>
    </message>
    <message>
        <source>&amp;Export…</source>
        <translation>&amp;Exportieren…</translation>
    </message>
    <message>
        <source>&amp;Show everything</source>
        <translation>&amp;Alles zeigen</translation>
    </message>
    <message>
        <source>&amp;Logarithmic axis</source>
        <translation>&amp;Logarithmische Achse</translation>
    </message>
</context>
<context>
    <name>quantoscope::PlotsPanel</name>
    <message>
        <source>Layers to compare</source>
        <translation>Zu vergleichende Schichten</translation>
    </message>
    <message>
        <source>Error metric</source>
        <translation>Fehlermaß</translation>
    </message>
    <message>
        <source>Weights</source>
        <translation>Gewichte</translation>
    </message>
    <message>
        <source>Bits of the levels drawn</source>
        <translation>Bit der gezeichneten Stufen</translation>
    </message>
    <message>
        <source>Bits of the quantizer levels that are drawn over the values</source>
        <translation>Bit der Quantisierungsstufen, die über die Werte gezeichnet werden</translation>
    </message>
    <message>
        <source>as set</source>
        <translation>wie gesetzt</translation>
    </message>
    <message>
        <source> bit</source>
        <translation> Bit</translation>
    </message>
    <message>
        <source>Move this plot into a window of its own, or back</source>
        <translation>Dieses Diagramm in ein eigenes Fenster lösen oder zurückholen</translation>
    </message>
    <message>
        <source>Detach %1</source>
        <translation>„%1“ ablösen</translation>
    </message>
    <message>
        <source>What the colours stand for</source>
        <translation>Wofür die Farben stehen</translation>
    </message>
    <message>
        <source>Order of the channels</source>
        <translation>Reihenfolge der Kanäle</translation>
    </message>
    <message>
        <source>by index</source>
        <translation>nach Index</translation>
    </message>
    <message>
        <source>widest first</source>
        <translation>größter Bereich zuerst</translation>
    </message>
    <message>
        <source>largest magnitude first</source>
        <translation>größter Betrag zuerst</translation>
    </message>
    <message>
        <source>lowest SQNR first</source>
        <translation>kleinstes SQNR zuerst</translation>
    </message>
    <message>
        <source>Which layers are compared</source>
        <translation>Welche Schichten verglichen werden</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>Log</translation>
    </message>
    <message>
        <source>Logarithmic axis</source>
        <translation>Logarithmische Achse</translation>
    </message>
    <message>
        <source>Logarithmic axis (L)</source>
        <translation>Logarithmische Achse (L)</translation>
    </message>
    <message>
        <source>Series</source>
        <translation>Reihen</translation>
    </message>
    <message>
        <source>Show or hide parts of the plot; a click on the legend does the same</source>
        <translation>Teile des Diagramms zeigen oder verbergen; ein Klick auf die Legende bewirkt dasselbe</translation>
    </message>
    <message>
        <source>Channels, tokens or heads</source>
        <translation>Kanäle, Token oder Köpfe</translation>
    </message>
    <message>
        <source>Plots</source>
        <translation>Diagramme</translation>
    </message>
    <message>
        <source>Give this plot the room of all plots, or put them back (F11)</source>
        <translation>Diesem Diagramm den Platz aller Diagramme geben oder sie wiederherstellen (F11)</translation>
    </message>
    <message>
        <source>Enlarge %1</source>
        <translation>%1 vergrößern</translation>
    </message>
</context>
<context>
    <name>quantoscope::PointsPlot</name>
    <message>
        <source>Quantized weights [MB]</source>
        <translation>Quantisierte Gewichte [MB]</translation>
    </message>
    <message>
        <source>Average of weights and activations [bit]</source>
        <translation>Mittel über Gewichte und Aktivierungen [Bit]</translation>
    </message>
    <message>
        <source>Bit operations per image [10⁹]</source>
        <translation>Bitoperationen je Bild [10⁹]</translation>
    </message>
    <message>
        <source>%1 bit on average (weights %2, activations %3)</source>
        <translation>Im Mittel %1 Bit (Gewichte %2, Aktivierungen %3)</translation>
    </message>
    <message>
        <source>%1 MB</source>
        <translation>%1 MB</translation>
    </message>
    <message>
        <source>%1·10⁹ bit operations</source>
        <translation>%1·10⁹ Bitoperationen</translation>
    </message>
    <message>
        <source>%1 conversions</source>
        <translation>%1 Umwandlungen</translation>
    </message>
    <message>
        <source>Marked</source>
        <translation>Markiert</translation>
    </message>
    <message>
        <source>Quantized activations of an image [MB]</source>
        <translation>Quantisierte Aktivierungen eines Bildes [MB]</translation>
    </message>
    <message>
        <source>%1 MB of activations</source>
        <translation>%1 MB Aktivierungen</translation>
    </message>
</context>
<context>
    <name>quantoscope::Preflight</name>
    <message>
        <source>Float accuracy fits the published value</source>
        <translation>Die Gleitkomma-Genauigkeit passt zum veröffentlichten Wert</translation>
    </message>
    <message>
        <source>Top-1 {top1} % on {images} images, 95 % interval {low} to {high} %; published {published} % ({source}).</source>
        <translation>Top-1 {top1} % auf {images} Bildern, 95-%-Intervall {low} bis {high} %; veröffentlicht {published} % ({source}).</translation>
    </message>
    <message>
        <source>Float accuracy is above the published value</source>
        <translation>Die Gleitkomma-Genauigkeit liegt über dem veröffentlichten Wert</translation>
    </message>
    <message>
        <source>Top-1 {top1} % on {images} images, 95 % interval {low} to {high} %; published {published} % ({source}). These images are easier than the full validation set, or were used in training.</source>
        <translation>Top-1 {top1} % auf {images} Bildern, 95-%-Intervall {low} bis {high} %; veröffentlicht {published} % ({source}). Diese Bilder sind leichter als der volle Validierungssatz, oder sie dienten dem Training.</translation>
    </message>
    <message>
        <source>Compare runs on these images with each other, never with published tables.</source>
        <translation>Läufe auf diesen Bildern nur miteinander vergleichen, nie mit veröffentlichten Tabellen.</translation>
    </message>
    <message>
        <source>Float accuracy is below the published value</source>
        <translation>Die Gleitkomma-Genauigkeit liegt unter dem veröffentlichten Wert</translation>
    </message>
    <message>
        <source>Remove the likely cause that is named, then check again.</source>
        <translation>Die genannte wahrscheinliche Ursache beseitigen, dann erneut prüfen.</translation>
    </message>
    <message>
        <source>Top-1 {top1} % on {images} images, 95 % interval {low} to {high} %; published {published} % ({source}). None of the causes that were tried explains it.</source>
        <translation>Top-1 {top1} % auf {images} Bildern, 95-%-Intervall {low} bis {high} %; veröffentlicht {published} % ({source}). Keine der erprobten Ursachen erklärt das.</translation>
    </message>
    <message>
        <source>Compare the checkpoint&apos;s SHA-256 with the published one, and look at images and labels; or these images are harder than the full validation set.</source>
        <translation>Den SHA-256 des Checkpoints mit dem veröffentlichten vergleichen und Bilder und Klassenangaben ansehen; oder diese Bilder sind schwerer als der volle Validierungssatz.</translation>
    </message>
    <message>
        <source>Float accuracy is no better than guessing</source>
        <translation>Die Gleitkomma-Genauigkeit ist nicht besser als Raten</translation>
    </message>
    <message>
        <source>Top-1 {top1} % on {images} images, 95 % interval {low} to {high} %; guessing gives {chance} %.</source>
        <translation>Top-1 {top1} % auf {images} Bildern, 95-%-Intervall {low} bis {high} %; Raten ergibt {chance} %.</translation>
    </message>
    <message>
        <source>Top-1 {top1} % on {images} images, 95 % interval {low} to {high} %; guessing gives {chance} %. The mean confidence of the predictions is {confidence} %. None of the causes that were tried explains it.</source>
        <translation>Top-1 {top1} % auf {images} Bildern, 95-%-Intervall {low} bis {high} %; Raten ergibt {chance} %. Die mittlere Konfidenz der Vorhersagen ist {confidence} %. Keine der erprobten Ursachen erklärt das.</translation>
    </message>
    <message>
        <source>If the confidence is high, the labels do not belong to these images, or the class list is another model&apos;s; if it is low, the weights are untrained or damaged.</source>
        <translation>Ist die Konfidenz hoch, gehören die Klassenangaben nicht zu diesen Bildern oder die Klassenliste zu einem anderen Modell; ist sie niedrig, sind die Gewichte untrainiert oder beschädigt.</translation>
    </message>
    <message>
        <source>Float accuracy measured; no published value to compare with</source>
        <translation>Gleitkomma-Genauigkeit gemessen; kein veröffentlichter Wert zum Vergleich</translation>
    </message>
    <message>
        <source>Top-1 {top1} % on {images} images, 95 % interval {low} to {high} %; mean confidence {confidence} %.</source>
        <translation>Top-1 {top1} % auf {images} Bildern, 95-%-Intervall {low} bis {high} %; mittlere Konfidenz {confidence} %.</translation>
    </message>
    <message>
        <source>No image has a label</source>
        <translation>Kein Bild hat eine Klassenangabe</translation>
    </message>
    <message>
        <source>Accuracy cannot be measured; the mean confidence of the predictions is {confidence} %.</source>
        <translation>Die Genauigkeit ist nicht messbar; die mittlere Konfidenz der Vorhersagen ist {confidence} %.</translation>
    </message>
    <message>
        <source>Give labels: lines of path and label in the list, or folders named by class.</source>
        <translation>Klassen angeben: Zeilen aus Pfad und Klassennummer in der Liste, oder nach Klassen benannte Ordner.</translation>
    </message>
    <message>
        <source>Images that cannot be decoded</source>
        <translation>Nicht lesbare Bilder</translation>
    </message>
    <message>
        <source>{count} left out; the first is {first}: {reason}</source>
        <translation>{count} ausgelassen; das erste ist {first}: {reason}</translation>
    </message>
    <message>
        <source>Replace these files or take them off the list.</source>
        <translation>Diese Dateien ersetzen oder von der Liste nehmen.</translation>
    </message>
    <message>
        <source>Images without a label</source>
        <translation>Bilder ohne Klassenangabe</translation>
    </message>
    <message>
        <source>{count} of {images} images have no label and do not count.</source>
        <translation>{count} von {images} Bildern haben keine Klassenangabe und zählen nicht.</translation>
    </message>
    <message>
        <source>The class list has one class more than the model</source>
        <translation>Die Klassenliste hat eine Klasse mehr als das Modell</translation>
    </message>
    <message>
        <source>The list names {listed} classes, the model has {classes}: probably the list begins with a background class.</source>
        <translation>Die Liste nennt {listed} Klassen, das Modell hat {classes}: Vermutlich beginnt die Liste mit einer Hintergrundklasse.</translation>
    </message>
    <message>
        <source>Remove the background class from the list.</source>
        <translation>Die Hintergrundklasse aus der Liste entfernen.</translation>
    </message>
    <message>
        <source>Class list and model differ in their number of classes</source>
        <translation>Klassenliste und Modell haben verschieden viele Klassen</translation>
    </message>
    <message>
        <source>The list names {listed} classes, the model has {classes}.</source>
        <translation>Die Liste nennt {listed} Klassen, das Modell hat {classes}.</translation>
    </message>
    <message>
        <source>Give the class list that the model was trained with (--classes, or classes.txt beside the splits).</source>
        <translation>Die Klassenliste angeben, mit der das Modell trainiert wurde (--classes, oder classes.txt neben den Teilmengen).</translation>
    </message>
    <message>
        <source>Labels lie in the model&apos;s range</source>
        <translation>Die Klassenangaben liegen im Bereich des Modells</translation>
    </message>
    <message>
        <source>Labels {lowest} to {highest} of {classes} classes.</source>
        <translation>Klassen {lowest} bis {highest} von {classes}.</translation>
    </message>
    <message>
        <source>Classes without an image</source>
        <translation>Klassen ohne Bild</translation>
    </message>
    <message>
        <source>{count} of {classes} classes have no image here.</source>
        <translation>{count} von {classes} Klassen haben hier kein Bild.</translation>
    </message>
    <message>
        <source>Nothing to repair, but this accuracy says nothing about those classes.</source>
        <translation>Nichts zu beheben, doch über diese Klassen sagt die Genauigkeit nichts.</translation>
    </message>
    <message>
        <source>Classes are in ImageNet&apos;s order</source>
        <translation>Die Klassen stehen in der Reihenfolge von ImageNet</translation>
    </message>
    <message>
        <source>The {classes} classes are not a rearranged ImageNet list.</source>
        <translation>Die {classes} Klassen sind keine umgestellte ImageNet-Liste.</translation>
    </message>
    <message>
        <source>The class list is not in ImageNet&apos;s order</source>
        <translation>Die Klassenliste steht nicht in der Reihenfolge von ImageNet</translation>
    </message>
    <message>
        <source>It names ImageNet&apos;s {classes} classes, but not in the order of sorted wnids that published models use.</source>
        <translation>Sie nennt die {classes} Klassen von ImageNet, aber nicht nach wnid sortiert wie die veröffentlichten Modelle.</translation>
    </message>
    <message>
        <source>Sort the class list by wnid, or remove it: wnid folders are known without it.</source>
        <translation>Die Klassenliste nach wnid sortieren oder entfernen: wnid-Ordner sind ohne sie bekannt.</translation>
    </message>
    <message>
        <source>Likely cause: the class list is shuffled</source>
        <translation>Wahrscheinliche Ursache: Die Klassenliste ist durcheinander</translation>
    </message>
    <message>
        <source>Read in ImageNet&apos;s order, the same classes give {after} % top-1 instead of {before} % on {images} images (McNemar p = {p}).</source>
        <translation>In der Reihenfolge von ImageNet gelesen ergeben dieselben Klassen Top-1 {after} % statt {before} % auf {images} Bildern (McNemar p = {p}).</translation>
    </message>
    <message>
        <source>Likely cause: labels contradict the folders&apos; names</source>
        <translation>Wahrscheinliche Ursache: Klassenangaben widersprechen den Ordnernamen</translation>
    </message>
    <message>
        <source>With the classes of the wnid folders top-1 is {after} % instead of {before} % on {images} images (McNemar p = {p}): the class list is shuffled, or the list&apos;s labels are numbered otherwise (for example by ILSVRC2012_ID).</source>
        <translation>Mit den Klassen der wnid-Ordner ist Top-1 {after} % statt {before} % auf {images} Bildern (McNemar p = {p}): Die Klassenliste ist durcheinander, oder die Liste nummeriert die Klassen anders (etwa nach ILSVRC2012_ID).</translation>
    </message>
    <message>
        <source>Remove the labels from the list or the class list from the folder: the wnids are enough.</source>
        <translation>Die Klassenangaben aus der Liste oder die Klassenliste aus dem Ordner entfernen: Die wnids genügen.</translation>
    </message>
    <message>
        <source>Likely cause: labels count from 1</source>
        <translation>Wahrscheinliche Ursache: Die Klassen zählen ab 1</translation>
    </message>
    <message>
        <source>With every label lowered by one top-1 is {after} % instead of {before} % on {images} images (McNemar p = {p}): labels count from 1, or class 0 of the list is a background class.</source>
        <translation>Mit um eins verringerten Klassennummern ist Top-1 {after} % statt {before} % auf {images} Bildern (McNemar p = {p}): Die Klassen zählen ab 1, oder Klasse 0 der Liste ist eine Hintergrundklasse.</translation>
    </message>
    <message>
        <source>Let the labels count from 0, without a background class.</source>
        <translation>Die Klassen ab 0 zählen, ohne Hintergrundklasse.</translation>
    </message>
    <message>
        <source>Likely cause: the model has a background class</source>
        <translation>Wahrscheinliche Ursache: Das Modell hat eine Hintergrundklasse</translation>
    </message>
    <message>
        <source>With every label raised by one top-1 is {after} % instead of {before} % on {images} images (McNemar p = {p}): class 0 of the model is not the first class of the list.</source>
        <translation>Mit um eins erhöhten Klassennummern ist Top-1 {after} % statt {before} % auf {images} Bildern (McNemar p = {p}): Klasse 0 des Modells ist nicht die erste Klasse der Liste.</translation>
    </message>
    <message>
        <source>Put the background class first in the class list.</source>
        <translation>Die Hintergrundklasse an den Anfang der Klassenliste setzen.</translation>
    </message>
    <message>
        <source>Likely cause: the class list is reversed</source>
        <translation>Wahrscheinliche Ursache: Die Klassenliste steht umgekehrt</translation>
    </message>
    <message>
        <source>With the classes counted from the end top-1 is {after} % instead of {before} % on {images} images (McNemar p = {p}).</source>
        <translation>Mit vom Ende her gezählten Klassen ist Top-1 {after} % statt {before} % auf {images} Bildern (McNemar p = {p}).</translation>
    </message>
    <message>
        <source>Reverse the class list.</source>
        <translation>Die Klassenliste umkehren.</translation>
    </message>
    <message>
        <source>Likely cause: class numbers were sorted as text</source>
        <translation>Wahrscheinliche Ursache: Klassennummern wurden als Text sortiert</translation>
    </message>
    <message>
        <source>Read as positions in 0, 1, 10, 100, 2, ... the labels give {after} % top-1 instead of {before} % on {images} images (McNemar p = {p}).</source>
        <translation>Als Plätze in 0, 1, 10, 100, 2, ... gelesen ergeben die Klassenangaben Top-1 {after} % statt {before} % auf {images} Bildern (McNemar p = {p}).</translation>
    </message>
    <message>
        <source>Use the class numbers themselves as labels, or folder names with leading zeros.</source>
        <translation>Die Klassennummern selbst verwenden, oder Ordnernamen mit führenden Nullen.</translation>
    </message>
    <message>
        <source>Likely cause: the list&apos;s labels have slipped by one row</source>
        <translation>Wahrscheinliche Ursache: Die Klassenangaben der Liste sind um eine Zeile verrutscht</translation>
    </message>
    <message>
        <source>With the label of the neighbouring row top-1 is {after} % instead of {before} % on {images} images (McNemar p = {p}).</source>
        <translation>Mit der Klassenangabe der Nachbarzeile ist Top-1 {after} % statt {before} % auf {images} Bildern (McNemar p = {p}).</translation>
    </message>
    <message>
        <source>Make the list again; a line is missing or was inserted.</source>
        <translation>Die Liste neu erstellen; eine Zeile fehlt oder wurde eingefügt.</translation>
    </message>
    <message>
        <source>Images with the same label get the same prediction, but another class: predictions are right on {before} %, while an assignment of predicted classes to labels, learned from the other images, is right on {after} % of {images} images (McNemar p = {p}). The labels count the classes in another order than the model.</source>
        <translation>Bilder mit gleicher Klassenangabe erhalten die gleiche Vorhersage, aber eine andere Klasse: Die Vorhersagen stimmen bei {before} %, eine aus den übrigen Bildern gelernte Zuordnung von vorhergesagten zu angegebenen Klassen dagegen bei {after} % von {images} Bildern (McNemar p = {p}). Die Klassenangaben zählen die Klassen in anderer Reihenfolge als das Modell.</translation>
    </message>
    <message>
        <source>Give the class list in the order that the model was trained with (--classes, or classes.txt beside the splits).</source>
        <translation>Die Klassenliste in der Reihenfolge angeben, mit der das Modell trainiert wurde (--classes, oder classes.txt neben den Teilmengen).</translation>
    </message>
    <message>
        <source>Preprocessing is as published</source>
        <translation>Die Vorverarbeitung ist die veröffentlichte</translation>
    </message>
    <message>
        <source>{asked}.</source>
        <translation>{asked}.</translation>
    </message>
    <message>
        <source>No published preprocessing is known for this model</source>
        <translation>Für dieses Modell ist keine veröffentlichte Vorverarbeitung bekannt</translation>
    </message>
    <message>
        <source>Used: {asked}.</source>
        <translation>Verwendet: {asked}.</translation>
    </message>
    <message>
        <source>Compare with the preprocessing that the model was trained with.</source>
        <translation>Mit der Vorverarbeitung vergleichen, mit der das Modell trainiert wurde.</translation>
    </message>
    <message>
        <source>Mean differs from the published one</source>
        <translation>Der Mittelwert weicht vom veröffentlichten ab</translation>
    </message>
    <message>
        <source>Asked for {asked}, published {published} (R, G, B).</source>
        <translation>Verlangt {asked}, veröffentlicht {published} (R, G, B).</translation>
    </message>
    <message>
        <source>Set it as published (--mean; Preprocessing in the window), unless the model was trained otherwise.</source>
        <translation>Wie veröffentlicht einstellen (--mean; im Fenster unter Vorverarbeitung), sofern das Modell nicht anders trainiert wurde.</translation>
    </message>
    <message>
        <source>Standard deviation differs from the published one</source>
        <translation>Die Standardabweichung weicht von der veröffentlichten ab</translation>
    </message>
    <message>
        <source>Set it as published (--std; Preprocessing in the window), unless the model was trained otherwise.</source>
        <translation>Wie veröffentlicht einstellen (--std; im Fenster unter Vorverarbeitung), sofern das Modell nicht anders trainiert wurde.</translation>
    </message>
    <message>
        <source>Size of the shorter side differs from the published one</source>
        <translation>Die Länge der kürzeren Seite weicht von der veröffentlichten ab</translation>
    </message>
    <message>
        <source>Asked for {asked}, published {published} pixels.</source>
        <translation>Verlangt {asked}, veröffentlicht {published} Pixel.</translation>
    </message>
    <message>
        <source>Set it as published (--resize; Preprocessing in the window), unless the model was trained otherwise.</source>
        <translation>Wie veröffentlicht einstellen (--resize; im Fenster unter Vorverarbeitung), sofern das Modell nicht anders trainiert wurde.</translation>
    </message>
    <message>
        <source>Crop differs from the published one</source>
        <translation>Der Ausschnitt weicht vom veröffentlichten ab</translation>
    </message>
    <message>
        <source>Set it as published (--crop; Preprocessing in the window), unless the model was trained otherwise.</source>
        <translation>Wie veröffentlicht einstellen (--crop; im Fenster unter Vorverarbeitung), sofern das Modell nicht anders trainiert wurde.</translation>
    </message>
    <message>
        <source>Interpolation differs from the published one</source>
        <translation>Die Interpolation weicht von der veröffentlichten ab</translation>
    </message>
    <message>
        <source>Asked for {asked}, published {published}.</source>
        <translation>Verlangt {asked}, veröffentlicht {published}.</translation>
    </message>
    <message>
        <source>Set it as published (--interpolation; Preprocessing in the window), unless the model was trained otherwise.</source>
        <translation>Wie veröffentlicht einstellen (--interpolation; im Fenster unter Vorverarbeitung), sofern das Modell nicht anders trainiert wurde.</translation>
    </message>
    <message>
        <source>Other preprocessing was not tried</source>
        <translation>Andere Vorverarbeitung wurde nicht erprobt</translation>
    </message>
    <message>
        <source>The comparison needs labels that can be trusted.</source>
        <translation>Der Vergleich braucht verlässliche Klassenangaben.</translation>
    </message>
    <message>
        <source>Repair the labels, then check again.</source>
        <translation>Die Klassenangaben berichtigen, dann erneut prüfen.</translation>
    </message>
    <message>
        <source>No other preprocessing is better</source>
        <translation>Keine andere Vorverarbeitung ist besser</translation>
    </message>
    <message>
        <source>{tried} others were tried on {images} images (mean and standard deviation, channel order, crop, interpolation).</source>
        <translation>{tried} andere wurden auf {images} Bildern erprobt (Mittelwert und Standardabweichung, Kanalreihenfolge, Ausschnitt, Interpolation).</translation>
    </message>
    <message>
        <source>Another crop suits these images better</source>
        <translation>Ein anderer Ausschnitt passt besser zu diesen Bildern</translation>
    </message>
    <message>
        <source>Better with {better} on {wins} of {images} images, worse on {losses} (sign test p = {p}): these images may have been cut or scaled already.</source>
        <translation>Mit {better} besser bei {wins} von {images} Bildern, schlechter bei {losses} (Vorzeichentest p = {p}): Diese Bilder wurden vielleicht schon zugeschnitten oder skaliert.</translation>
    </message>
    <message>
        <source>Keep the published crop to compare with published figures.</source>
        <translation>Für Vergleiche mit veröffentlichten Zahlen den veröffentlichten Ausschnitt beibehalten.</translation>
    </message>
    <message>
        <source>Likely cause: wrong mean and standard deviation</source>
        <translation>Wahrscheinliche Ursache: falscher Mittelwert und falsche Standardabweichung</translation>
    </message>
    <message>
        <source>Set mean {mean} and standard deviation {std} (--mean, --std; Preprocessing in the window).</source>
        <translation>Mittelwert {mean} und Standardabweichung {std} einstellen (--mean, --std; im Fenster unter Vorverarbeitung).</translation>
    </message>
    <message>
        <source>Likely cause: red and blue are swapped</source>
        <translation>Wahrscheinliche Ursache: Rot und Blau sind vertauscht</translation>
    </message>
    <message>
        <source>With the channels in the order blue, green, red the right class is more likely on {wins} of {images} images and less likely on {losses} (sign test p = {p}); top-1 on them rises from {before} to {after} %. The model wants BGR, or the images&apos; channels are swapped.</source>
        <translation>Mit den Kanälen in der Reihenfolge Blau, Grün, Rot ist die richtige Klasse bei {wins} von {images} Bildern wahrscheinlicher und bei {losses} unwahrscheinlicher (Vorzeichentest p = {p}); Top-1 steigt darauf von {before} auf {after} %. Das Modell erwartet BGR, oder die Kanäle der Bilder sind vertauscht.</translation>
    </message>
    <message>
        <source>Use weights converted for RGB (swap the input channels of the patch embedding), or store the images as RGB.</source>
        <translation>Für RGB umgewandelte Gewichte verwenden (Eingangskanäle der Patch-Einbettung tauschen), oder die Bilder als RGB speichern.</translation>
    </message>
    <message>
        <source>Likely cause: wrong crop or interpolation</source>
        <translation>Wahrscheinliche Ursache: falscher Ausschnitt oder falsche Interpolation</translation>
    </message>
    <message>
        <source>Set the published preprocessing (--resize, --crop, --interpolation; Preprocessing in the window).</source>
        <translation>Die veröffentlichte Vorverarbeitung einstellen (--resize, --crop, --interpolation; im Fenster unter Vorverarbeitung).</translation>
    </message>
    <message>
        <source>Predictions are surer with another mean and standard deviation</source>
        <translation>Mit anderem Mittelwert und anderer Standardabweichung sind die Vorhersagen sicherer</translation>
    </message>
    <message>
        <source>Without labels only the confidence can be compared: with mean {mean} and standard deviation {std} it is higher on {wins} of {images} images and lower on {losses} (sign test p = {p}).</source>
        <translation>Ohne Klassenangaben lässt sich nur die Konfidenz vergleichen: Mit Mittelwert {mean} und Standardabweichung {std} ist sie bei {wins} von {images} Bildern höher und bei {losses} niedriger (Vorzeichentest p = {p}).</translation>
    </message>
    <message>
        <source>Predictions are surer with red and blue swapped</source>
        <translation>Mit vertauschtem Rot und Blau sind die Vorhersagen sicherer</translation>
    </message>
    <message>
        <source>Without labels only the confidence can be compared: with the channels in the order blue, green, red it is higher on {wins} of {images} images and lower on {losses} (sign test p = {p}).</source>
        <translation>Ohne Klassenangaben lässt sich nur die Konfidenz vergleichen: Mit den Kanälen in der Reihenfolge Blau, Grün, Rot ist sie bei {wins} von {images} Bildern höher und bei {losses} niedriger (Vorzeichentest p = {p}).</translation>
    </message>
    <message>
        <source>Find out whether the model was trained on BGR images.</source>
        <translation>Klären, ob das Modell mit BGR-Bildern trainiert wurde.</translation>
    </message>
    <message>
        <source>Weights are sound</source>
        <translation>Die Gewichte sind in Ordnung</translation>
    </message>
    <message>
        <source>{parameters} parameters: all finite, no dead or repeated channels; the widest channel of a weight is at most {ratio} times its median one.</source>
        <translation>{parameters} Parameter: alle endlich, keine toten oder doppelten Kanäle; der weiteste Kanal eines Gewichts ist höchstens {ratio}-mal so weit wie dessen mittlerer (Median).</translation>
    </message>
    <message>
        <source>Dead output channels in weights</source>
        <translation>Tote Ausgangskanäle in Gewichten</translation>
    </message>
    <message>
        <source>{count} channels are constant: {where}.</source>
        <translation>{count} Kanäle sind konstant: {where}.</translation>
    </message>
    <message>
        <source>Harmless in a pruned model; otherwise compare the file with its source.</source>
        <translation>In einem ausgedünnten Modell harmlos; sonst die Datei mit ihrer Quelle vergleichen.</translation>
    </message>
    <message>
        <source>LayerNorm switches channels off</source>
        <translation>LayerNorm schaltet Kanäle ab</translation>
    </message>
    <message>
        <source>{count} factors (gamma) are nearly zero: {where}.</source>
        <translation>{count} Faktoren (Gamma) sind nahezu null: {where}.</translation>
    </message>
    <message>
        <source>Equal output channels in weights</source>
        <translation>Gleiche Ausgangskanäle in Gewichten</translation>
    </message>
    <message>
        <source>{count} channels repeat another one exactly: {where}.</source>
        <translation>{count} Kanäle wiederholen einen anderen genau: {where}.</translation>
    </message>
    <message>
        <source>Compare the file with its source.</source>
        <translation>Die Datei mit ihrer Quelle vergleichen.</translation>
    </message>
    <message>
        <source>Weights with extreme channels</source>
        <translation>Gewichte mit extremen Kanälen</translation>
    </message>
    <message>
        <source>Weights whose widest output channel is more than 20 times their median one: {count}. The most extreme is {where} with {ratio} times.</source>
        <translation>Gewichte, deren weitester Ausgangskanal mehr als 20-mal so weit ist wie ihr mittlerer (Median): {count}. Am extremsten ist {where} mit dem {ratio}-fachen.</translation>
    </message>
    <message>
        <source>Quantize them with a scale per channel, as the recipes do.</source>
        <translation>Wie in den Rezepten mit einer Schrittweite je Kanal quantisieren.</translation>
    </message>
    <message>
        <source>No channel of the activations is constant</source>
        <translation>Kein Kanal der Aktivierungen ist konstant</translation>
    </message>
    <message>
        <source>Looked at on {images} images.</source>
        <translation>Auf {images} Bildern angesehen.</translation>
    </message>
    <message>
        <source>Constant channels in activations</source>
        <translation>Konstante Kanäle in Aktivierungen</translation>
    </message>
    <message>
        <source>{count} channels do not change over {images} images: {where}.</source>
        <translation>{count} Kanäle ändern sich über {images} Bilder nicht: {where}.</translation>
    </message>
    <message>
        <source>Harmless in a pruned model; otherwise look at these layers&apos; weights.</source>
        <translation>In einem ausgedünnten Modell harmlos; sonst die Gewichte dieser Schichten ansehen.</translation>
    </message>
    <message>
        <source>Channels at the LayerNorm inputs range alike</source>
        <translation>Die Kanäle an den LayerNorm-Eingängen sind ähnlich weit</translation>
    </message>
    <message>
        <source>The widest channel is at most {ratio} times the median one ({where}), on {images} images.</source>
        <translation>Der weiteste Kanal ist höchstens {ratio}-mal so weit wie der mittlere (Median) ({where}), auf {images} Bildern.</translation>
    </message>
    <message>
        <source>Channels at the LayerNorm inputs range unalike; PTF is on</source>
        <translation>Die Kanäle an den LayerNorm-Eingängen sind verschieden weit; PTF ist an</translation>
    </message>
    <message>
        <source>LayerNorm inputs whose widest channel is more than 4 times their median one: {count}. The most extreme is {where} with {ratio} times.</source>
        <translation>LayerNorm-Eingänge, deren weitester Kanal mehr als 4-mal so weit ist wie ihr mittlerer (Median): {count}. Am extremsten ist {where} mit dem {ratio}-fachen.</translation>
    </message>
    <message>
        <source>Channels at the LayerNorm inputs range unalike</source>
        <translation>Die Kanäle an den LayerNorm-Eingängen sind verschieden weit</translation>
    </message>
    <message>
        <source>LayerNorm inputs whose widest channel is more than 4 times their median one: {count}. The most extreme is {where} with {ratio} times. One scale for all channels is too coarse there.</source>
        <translation>LayerNorm-Eingänge, deren weitester Kanal mehr als 4-mal so weit ist wie ihr mittlerer (Median): {count}. Am extremsten ist {where} mit dem {ratio}-fachen. Eine Schrittweite für alle Kanäle ist dort zu grob.</translation>
    </message>
    <message>
        <source>Switch on PTF (--ptf), which gives these channels scales of their own.</source>
        <translation>PTF einschalten (--ptf), das diesen Kanälen eigene Schrittweiten gibt.</translation>
    </message>
    <message>
        <source>No recipe chosen</source>
        <translation>Kein Rezept gewählt</translation>
    </message>
    <message>
        <source>What would stay float and the calibration images were not looked at.</source>
        <translation>Was in Gleitkomma bliebe und die Kalibrierungsbilder wurden nicht angesehen.</translation>
    </message>
    <message>
        <source>Choose a recipe (--recipe minmax, for example) and check again.</source>
        <translation>Ein Rezept wählen (zum Beispiel --recipe minmax) und erneut prüfen.</translation>
    </message>
    <message>
        <source>Recipe or plan does not fit the model</source>
        <translation>Rezept oder Plan passt nicht zum Modell</translation>
    </message>
    <message>
        <source>{reason}</source>
        <translation>{reason}</translation>
    </message>
    <message>
        <source>Correct the plan, then check again.</source>
        <translation>Den Plan berichtigen, dann erneut prüfen.</translation>
    </message>
    <message>
        <source>Operators that stay float</source>
        <translation>Operatoren, die in Gleitkomma bleiben</translation>
    </message>
    <message>
        <source>{count} of {nodes} compute in float or read a float value under {recipe}: {list}. The recipe leaves in float: {why}.</source>
        <translation>{count} von {nodes} rechnen mit {recipe} in Gleitkomma oder lesen einen Gleitkommawert: {list}. Das Rezept lässt in Gleitkomma: {why}.</translation>
    </message>
    <message>
        <source>LayerNorm becomes integer with PTF, softmax with LIS; other values by naming their tap in the plan.</source>
        <translation>LayerNorm wird mit PTF ganzzahlig, Softmax mit LIS; andere Werte, indem der Plan ihren Messpunkt nennt.</translation>
    </message>
    <message>
        <source>All matrix products are quantized</source>
        <translation>Alle Matrixprodukte sind quantisiert</translation>
    </message>
    <message>
        <source>{total} G multiply-accumulates an image, both operands of each being quantized.</source>
        <translation>{total} G Multiplikationen mit Addition je Bild, beide Operanden jeweils quantisiert.</translation>
    </message>
    <message>
        <source>Some matrix products stay float</source>
        <translation>Manche Matrixprodukte bleiben in Gleitkomma</translation>
    </message>
    <message>
        <source>{share} % of {total} G multiply-accumulates an image have quantized operands.</source>
        <translation>{share} % von {total} G Multiplikationen mit Addition je Bild haben quantisierte Operanden.</translation>
    </message>
    <message>
        <source>If that is not wanted, give their inputs and weights bits in the plan.</source>
        <translation>Falls unerwünscht, ihren Eingängen und Gewichten im Plan Bits geben.</translation>
    </message>
    <message>
        <source>The calibration images cannot be used</source>
        <translation>Die Kalibrierungsbilder sind nicht verwendbar</translation>
    </message>
    <message>
        <source>Choose other calibration images, or fewer.</source>
        <translation>Andere oder weniger Kalibrierungsbilder wählen.</translation>
    </message>
    <message>
        <source>Calibration images are there</source>
        <translation>Kalibrierungsbilder sind vorhanden</translation>
    </message>
    <message>
        <source>{images} images of {covered} of {classes} classes in batches of {batch}.</source>
        <translation>{images} Bilder aus {covered} von {classes} Klassen in Stapeln zu {batch}.</translation>
    </message>
    <message>
        <source>Few calibration images</source>
        <translation>Wenige Kalibrierungsbilder</translation>
    </message>
    <message>
        <source>Take 32 or more; the published programs use 100 to 1000.</source>
        <translation>32 oder mehr nehmen; die veröffentlichten Programme verwenden 100 bis 1000.</translation>
    </message>
    <message>
        <source>Calibration and evaluation share no image</source>
        <translation>Kalibrierung und Auswertung haben kein Bild gemeinsam</translation>
    </message>
    <message>
        <source>{images} calibration images compared by path and content.</source>
        <translation>{images} Kalibrierungsbilder nach Pfad und Inhalt verglichen.</translation>
    </message>
    <message>
        <source>Calibration images are evaluated too</source>
        <translation>Kalibrierungsbilder werden auch ausgewertet</translation>
    </message>
    <message>
        <source>{count} of {images} calibration images: {where}.</source>
        <translation>{count} von {images} Kalibrierungsbildern: {where}.</translation>
    </message>
    <message>
        <source>Calibrate on images of the train split; otherwise the accuracy flatters.</source>
        <translation>Mit Bildern der Teilmenge train kalibrieren; sonst fällt die Genauigkeit geschönt aus.</translation>
    </message>
    <message>
        <source>Too few images to judge the accuracy</source>
        <translation>Zu wenige Bilder, um die Genauigkeit zu beurteilen</translation>
    </message>
    <message>
        <source>Check with 200 labelled images or more.</source>
        <translation>Mit 200 oder mehr Bildern mit Klassenangabe prüfen.</translation>
    </message>
    <message>
        <source>With mean {mean} and standard deviation {std} instead of {asked_mean} and {asked_std} the right class is more likely on {wins} of {images} images and less likely on {losses} (sign test p = {p}); top-1 on them goes from {before} to {after} %.</source>
        <translation>Mit Mittelwert {mean} und Standardabweichung {std} statt {asked_mean} und {asked_std} ist die richtige Klasse bei {wins} von {images} Bildern wahrscheinlicher und bei {losses} unwahrscheinlicher (Vorzeichentest p = {p}); Top-1 geht darauf von {before} auf {after} %.</translation>
    </message>
    <message>
        <source>With the published {better} the right class is more likely on {wins} of {images} images and less likely on {losses} (sign test p = {p}); top-1 on them goes from {before} to {after} %.</source>
        <translation>Mit der veröffentlichten Vorverarbeitung ({better}) ist die richtige Klasse bei {wins} von {images} Bildern wahrscheinlicher und bei {losses} unwahrscheinlicher (Vorzeichentest p = {p}); Top-1 geht darauf von {before} auf {after} %.</translation>
    </message>
</context>
<context>
    <name>quantoscope::PreflightHint</name>
    <message>
        <source>Not checked yet</source>
        <translation>Noch nicht geprüft</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>Zeigen</translation>
    </message>
    <message>
        <source>Check</source>
        <translation>Prüfen</translation>
    </message>
    <message>
        <source>What the check found</source>
        <translation>Was die Prüfung ergeben hat</translation>
    </message>
    <message>
        <source>Do model, images, labels and preprocessing belong together? Takes seconds, and its float result serves the run.</source>
        <translation>Passen Modell, Bilder, Klassenangaben und Vorverarbeitung zusammen? Dauert Sekunden, und das Gleitkomma-Ergebnis dient dem Lauf.</translation>
    </message>
</context>
<context>
    <name>quantoscope::PreflightPanel</name>
    <message>
        <source>Findings of the check</source>
        <translation>Befunde der Prüfung</translation>
    </message>
    <message>
        <source>Show what is in order</source>
        <translation>Zeigen, was in Ordnung ist</translation>
    </message>
    <message>
        <source>Check again</source>
        <translation>Erneut prüfen</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>All findings as text</source>
        <translation>Alle Befunde als Text</translation>
    </message>
    <message>
        <source>Looks at model, images, labels and preprocessing as chosen now</source>
        <translation>Sieht Modell, Bilder, Klassenangaben und Vorverarbeitung an, wie jetzt gewählt</translation>
    </message>
    <message>
        <source>Not checked yet.</source>
        <translation>Noch nicht geprüft.</translation>
    </message>
    <message>
        <source>Everything is in order.</source>
        <translation>Alles ist in Ordnung.</translation>
    </message>
</context>
<context>
    <name>quantoscope::PreprocessingDialog</name>
    <message>
        <source>Preprocessing</source>
        <translation>Vorverarbeitung</translation>
    </message>
    <message>
        <source> px</source>
        <translation> px</translation>
    </message>
    <message>
        <source>bicubic</source>
        <translation>bikubisch</translation>
    </message>
    <message>
        <source>bilinear</source>
        <translation>bilinear</translation>
    </message>
    <message>
        <source>&amp;Interpolation</source>
        <translation>&amp;Interpolation</translation>
    </message>
    <message>
        <source>&amp;Centre crop</source>
        <translation>&amp;Mittenausschnitt</translation>
    </message>
    <message>
        <source>red</source>
        <translation>rot</translation>
    </message>
    <message>
        <source>green</source>
        <translation>grün</translation>
    </message>
    <message>
        <source>blue</source>
        <translation>blau</translation>
    </message>
    <message>
        <source>Mean (of 0 to 1)</source>
        <translation>Mittelwert (von 0 bis 1)</translation>
    </message>
    <message>
        <source>Standard deviation</source>
        <translation>Standardabweichung</translation>
    </message>
    <message>
        <source>As the model asks</source>
        <translation>Wie vom Modell verlangt</translation>
    </message>
    <message>
        <source>shorter side</source>
        <translation>kürzere Seite</translation>
    </message>
    <message>
        <source>both sides (squash)</source>
        <translation>beide Seiten (gestaucht)</translation>
    </message>
    <message>
        <source>&amp;Resize</source>
        <translation>&amp;Größe</translation>
    </message>
    <message>
        <source>&amp;Side</source>
        <translation>&amp;Seite</translation>
    </message>
</context>
<context>
    <name>quantoscope::ProjectController</name>
    <message>
        <source>Saved %1</source>
        <translation>%1 gespeichert</translation>
    </message>
    <message>
        <source>This window keeps no projects.</source>
        <translation>Dieses Fenster führt keine Projekte.</translation>
    </message>
    <message>
        <source>&amp;New project</source>
        <translation>&amp;Neues Projekt</translation>
    </message>
    <message>
        <source>Plans, runs and jobs of the present session go</source>
        <translation>Pläne, Läufe und Aufträge der jetzigen Sitzung gehen</translation>
    </message>
    <message>
        <source>Open pro&amp;ject…</source>
        <translation>Pro&amp;jekt öffnen…</translation>
    </message>
    <message>
        <source>Plans, runs, jobs and window of a saved session</source>
        <translation>Pläne, Läufe, Aufträge und Fenster einer gespeicherten Sitzung</translation>
    </message>
    <message>
        <source>&amp;Save project</source>
        <translation>Projekt &amp;speichern</translation>
    </message>
    <message>
        <source>Plans, runs, jobs and window in one file</source>
        <translation>Pläne, Läufe, Aufträge und Fenster in einer Datei</translation>
    </message>
    <message>
        <source>Save project &amp;as…</source>
        <translation>Projekt speichern &amp;unter…</translation>
    </message>
    <message>
        <source>The same in another file</source>
        <translation>Dasselbe in einer anderen Datei</translation>
    </message>
    <message>
        <source>Open project</source>
        <translation>Projekt öffnen</translation>
    </message>
    <message>
        <source>Projects (*.quantoscope);;All files (*)</source>
        <translation>Projekte (*.quantoscope);;Alle Dateien (*)</translation>
    </message>
    <message>
        <source>Save project</source>
        <translation>Projekt speichern</translation>
    </message>
    <message>
        <source>Projects (*.quantoscope)</source>
        <translation>Projekte (*.quantoscope)</translation>
    </message>
    <message>
        <source>Quantoscope</source>
        <translation>Quantoscope</translation>
    </message>
    <message>
        <source>Save the changes of %1?</source>
        <translation>Die Änderungen an %1 speichern?</translation>
    </message>
    <message>
        <source>A session did not end properly. Its last change was saved %1.</source>
        <translation>Eine Sitzung wurde nicht ordentlich beendet. Ihre letzte Änderung wurde gesichert: %1.</translation>
    </message>
    <message>
        <source>Plans, runs and waiting jobs can be recovered. Jobs that were running go on after the last finished batch where that is possible.</source>
        <translation>Pläne, Läufe und wartende Aufträge können wiederhergestellt werden. Aufträge, die liefen, gehen hinter dem letzten fertigen Stapel weiter, wo das möglich ist.</translation>
    </message>
    <message>
        <source>&amp;Recover</source>
        <translation>&amp;Wiederherstellen</translation>
    </message>
    <message>
        <source>&amp;Discard</source>
        <translation>Ver&amp;werfen</translation>
    </message>
    <message>
        <source>&amp;Later</source>
        <translation>&amp;Später</translation>
    </message>
    <message>
        <source>Asks again at the next start</source>
        <translation>Fragt beim nächsten Start wieder</translation>
    </message>
    <message>
        <source>Parts of the session do not fit what is there now and were left out:</source>
        <translation>Teile der Sitzung passen nicht zu dem, was jetzt da ist, und wurden weggelassen:</translation>
    </message>
</context>
<context>
    <name>quantoscope::RangeShapesPlot</name>
    <message>
        <source>Weight and output</source>
        <translation>Gewicht und Ausgang</translation>
    </message>
    <message>
        <source>Run a calibration to see the ranges of weights beside those of activations.</source>
        <translation>Eine Kalibrierung ausführen, um die Bereiche der Gewichte neben denen der Aktivierungen zu sehen.</translation>
    </message>
    <message>
        <source>Select a layer in the model tree or in a plot to see its weight beside its output.</source>
        <translation>Eine Schicht im Modellbaum oder in einem Diagramm auswählen, um ihr Gewicht neben ihrer Ausgabe zu sehen.</translation>
    </message>
    <message>
        <source>No values of %1 were observed in this run.</source>
        <translation>In diesem Lauf wurden keine Werte von %1 beobachtet.</translation>
    </message>
    <message>
        <source>weight</source>
        <translation>Gewicht</translation>
    </message>
    <message>
        <source>output</source>
        <translation>Ausgabe</translation>
    </message>
    <message>
        <source>%1, observed</source>
        <comment>weight or output</comment>
        <translation>%1, beobachtet</translation>
    </message>
    <message>
        <source>%1, %2 bit range</source>
        <comment>weight or output</comment>
        <translation>%1, %2-Bit-Bereich</translation>
    </message>
    <message>
        <source>Range of a channel</source>
        <translation>Bereich eines Kanals</translation>
    </message>
    <message>
        <source>%1: channel ranges of weight and output</source>
        <translation>%1: Kanalbereiche von Gewicht und Ausgabe</translation>
    </message>
    <message>
        <source>%1: largest over median %2.</source>
        <translation>%1: das Größte ist das %2-Fache des Medians.</translation>
    </message>
    <message>
        <source>This operator has no weight.</source>
        <translation>Dieser Operator hat kein Gewicht.</translation>
    </message>
    <message>
        <source>channel %1</source>
        <translation>Kanal %1</translation>
    </message>
    <message>
        <source>%1 · channel %2 · range %3, %4 times the median</source>
        <translation>%1 · Kanal %2 · Bereich %3, das %4-Fache des Medians</translation>
    </message>
    <message>
        <source>%1 · %2 · median %3, quartiles %4 to %5, whiskers %6 to %7 · outliers: %8</source>
        <translation>%1 · %2 · Median %3, Quartile %4 bis %5, Antennen %6 bis %7 · Ausreißer: %8</translation>
    </message>
</context>
<context>
    <name>quantoscope::RangesOverviewPlot</name>
    <message>
        <source>Ranges by layer</source>
        <translation>Wertebereiche je Schicht</translation>
    </message>
    <message>
        <source>Open a model and run a calibration to see how far the ranges of channels lie apart.</source>
        <translation>Ein Modell öffnen und eine Kalibrierung ausführen, um zu sehen, wie weit die Wertebereiche der Kanäle auseinanderliegen.</translation>
    </message>
    <message>
        <source>No ranges of “%1” were observed in this run; choose other taps above.</source>
        <translation>In diesem Lauf wurden keine Wertebereiche von „%1“ beobachtet; oben andere Messpunkte wählen.</translation>
    </message>
    <message>
        <source>Quartiles, whiskers 1.5 IQR</source>
        <translation>Quartile, Antennen 1,5 IQR</translation>
    </message>
    <message>
        <source>Outlier channel</source>
        <translation>Ausreißerkanal</translation>
    </message>
    <message>
        <source>Widest spread: %1, whose largest channel range is %2 times the median.</source>
        <translation>Größte Spreizung: %1; der größte Kanalbereich ist das %2-Fache des Medians.</translation>
    </message>
    <message>
        <source>%1 · channel %2 · range %3, %4 times the median</source>
        <translation>%1 · Kanal %2 · Bereich %3, das %4-Fache des Medians</translation>
    </message>
    <message>
        <source>Channel range</source>
        <translation>Kanalbereich</translation>
    </message>
    <message>
        <source>Range max − min of every channel, by layer: %1</source>
        <translation>Bereich max − min jedes Kanals, je Schicht: %1</translation>
    </message>
    <message>
        <source>Channels of range 0, not drawn: %1.</source>
        <translation>Kanäle mit Bereich 0, nicht gezeichnet: %1.</translation>
    </message>
    <message>
        <source>%1 · median %2, quartiles %3 to %4, whiskers %5 to %6 · outliers: %7</source>
        <translation>%1 · Median %2, Quartile %3 bis %4, Antennen %5 bis %6 · Ausreißer: %7</translation>
    </message>
    <message>
        <source>Ranges</source>
        <translation>Bereiche</translation>
    </message>
</context>
<context>
    <name>quantoscope::RecipePanel</name>
    <message>
        <source>Image lists (*.txt);;All files (*)</source>
        <translation>Bildlisten (*.txt);;Alle Dateien (*)</translation>
    </message>
    <message>
        <source>Quantizer</source>
        <translation>Quantisierer</translation>
    </message>
    <message>
        <source>Recipe</source>
        <translation>Rezept</translation>
    </message>
    <message>
        <source>Stays in float: %1</source>
        <translation>Bleibt in Gleitkomma (float): %1</translation>
    </message>
    <message>
        <source>&amp;PTF</source>
        <translation>&amp;PTF</translation>
    </message>
    <message>
        <source>Power-of-two factor: integer LayerNorm whose input has a scale per channel, scale · 2^α with α in 0 to 3</source>
        <translation>Zweierpotenzfaktor (Power-of-Two Factor): ganzzahliges LayerNorm, dessen Eingang je Kanal eine Schrittweite hat, Schrittweite · 2^α mit α von 0 bis 3</translation>
    </message>
    <message>
        <source>&amp;LIS</source>
        <translation>&amp;LIS</translation>
    </message>
    <message>
        <source>Log-int-softmax: integer softmax whose output is a power of two</source>
        <translation>Log-int-softmax: ganzzahliges Softmax, dessen Ausgabe eine Zweierpotenz ist</translation>
    </message>
    <message>
        <source>Bits of weights</source>
        <translation>Bit der Gewichte</translation>
    </message>
    <message>
        <source>Bits of activations</source>
        <translation>Bit der Aktivierungen</translation>
    </message>
    <message>
        <source>Bits of attention weights</source>
        <translation>Bit der Attention-Gewichte</translation>
    </message>
    <message>
        <source>Re&amp;cipe</source>
        <translation>Re&amp;zept</translation>
    </message>
    <message>
        <source>&amp;W/A/Attn</source>
        <translation>&amp;W/A/Attn</translation>
    </message>
    <message>
        <source>Images</source>
        <translation>Bilder</translation>
    </message>
    <message>
        <source>holds val/ and train/</source>
        <translation>mit val/ und train/</translation>
    </message>
    <message>
        <source>Split to evaluate</source>
        <translation>Auszuwertender Split</translation>
    </message>
    <message>
        <source>List of images to evaluate</source>
        <translation>Liste der auszuwertenden Bilder</translation>
    </message>
    <message>
        <source>all of the split</source>
        <translation>ganzer Split</translation>
    </message>
    <message>
        <source>Most images to evaluate</source>
        <translation>Höchstzahl auszuwertender Bilder</translation>
    </message>
    <message>
        <source>all</source>
        <translation>alle</translation>
    </message>
    <message>
        <source>Images per batch</source>
        <translation>Bilder je Batch</translation>
    </message>
    <message>
        <source>F&amp;older</source>
        <translation>&amp;Ordner</translation>
    </message>
    <message>
        <source>Lis&amp;t</source>
        <translation>Lis&amp;te</translation>
    </message>
    <message>
        <source>Choose a list of images</source>
        <translation>Bildliste wählen</translation>
    </message>
    <message>
        <source>B&amp;atch</source>
        <translation>Bat&amp;ch</translation>
    </message>
    <message>
        <source>&amp;Split</source>
        <translation>&amp;Split</translation>
    </message>
    <message>
        <source>Preprocessin&amp;g…</source>
        <translation>&amp;Vorverarbeitung…</translation>
    </message>
    <message>
        <source>At &amp;most</source>
        <translation>Ma&amp;x.</translation>
    </message>
    <message>
        <source>Calibration set</source>
        <translation>Kalibriermenge</translation>
    </message>
    <message>
        <source>List of calibration images</source>
        <translation>Liste der Kalibrierbilder</translation>
    </message>
    <message>
        <source>random images of train/</source>
        <translation>Zufallsbilder aus train/</translation>
    </message>
    <message>
        <source>Number of calibration images</source>
        <translation>Anzahl der Kalibrierbilder</translation>
    </message>
    <message>
        <source>Seed of the random choice</source>
        <translation>Seed der Zufallsauswahl</translation>
    </message>
    <message>
        <source>Images per calibration batch</source>
        <translation>Bilder je Kalibrier-Batch</translation>
    </message>
    <message>
        <source>EMA, Percentile, PTF, OMSE and LIS depend on the batches; MinMax does not</source>
        <translation>EMA, Percentile, PTF, OMSE und LIS hängen von den Batches ab, MinMax nicht</translation>
    </message>
    <message>
        <source>See&amp;d</source>
        <translation>S&amp;eed</translation>
    </message>
    <message>
        <source>L&amp;ist</source>
        <translation>L&amp;iste</translation>
    </message>
    <message>
        <source>Choose a list of calibration images</source>
        <translation>Liste der Kalibrierbilder wählen</translation>
    </message>
    <message>
        <source>Co&amp;unt</source>
        <translation>A&amp;nzahl</translation>
    </message>
    <message>
        <source>&amp;Batch</source>
        <translation>&amp;Je Batch</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>Schritte</translation>
    </message>
    <message>
        <source>Evaluate i&amp;n float</source>
        <translation>In Gleit&amp;komma auswerten</translation>
    </message>
    <message>
        <source>Calibrate and evaluate &amp;quantized</source>
        <translation>Kalibrieren, &amp;quantisiert auswerten</translation>
    </message>
    <message>
        <source>Measure error per la&amp;yer on</source>
        <translation>Schichtfehler &amp;messen an</translation>
    </message>
    <message>
        <source>Images behind the error figures</source>
        <translation>Bilder hinter den Fehlerwerten</translation>
    </message>
    <message>
        <source> images</source>
        <translation> Bildern</translation>
    </message>
    <message>
        <source>State of the run</source>
        <translation>Zustand des Laufs</translation>
    </message>
    <message>
        <source>Progress of the run</source>
        <translation>Fortschritt des Laufs</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>Ausführen</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Stopping after the current batch…</source>
        <translation>Hält nach dem laufenden Batch an…</translation>
    </message>
    <message>
        <source>Changed: %1</source>
        <translation>Geändert: %1</translation>
    </message>
    <message>
        <source>Starting…</source>
        <translation>Startet…</translation>
    </message>
    <message>
        <source>%1, %2 left</source>
        <translation>%1, noch %2</translation>
    </message>
    <message>
        <source>%v of %m</source>
        <translation>%v von %m</translation>
    </message>
    <message>
        <source>Open a checkpoint first (File, Open model).</source>
        <translation>Zuerst einen Checkpoint öffnen (Datei, Modell öffnen).</translation>
    </message>
    <message>
        <source>Switch on at least one step.</source>
        <translation>Mindestens einen Schritt einschalten.</translation>
    </message>
    <message>
        <source>Calibrates, evaluates and measures as chosen above</source>
        <translation>Kalibriert, wertet aus und misst wie oben gewählt</translation>
    </message>
    <message>
        <source>Stops within one batch and keeps the part that is finished</source>
        <translation>Hält innerhalb eines Batches an und behält den fertigen Teil</translation>
    </message>
    <message>
        <source>Nothing is running.</source>
        <translation>Es läuft nichts.</translation>
    </message>
    <message>
        <source>The list says which images.</source>
        <translation>Die Liste bestimmt die Bilder.</translation>
    </message>
    <message>
        <source>How pictures become the model&apos;s input</source>
        <translation>Wie aus Bildern die Eingabe des Modells wird</translation>
    </message>
    <message>
        <source>Open a checkpoint first.</source>
        <translation>Zuerst einen Checkpoint öffnen.</translation>
    </message>
    <message>
        <source>Folder…</source>
        <translation>Ordner…</translation>
    </message>
    <message>
        <source>Tar archive…</source>
        <translation>Tar-Archiv…</translation>
    </message>
    <message>
        <source>Tar archives (*.tar);;All files (*)</source>
        <translation>Tar-Archive (*.tar);;Alle Dateien (*)</translation>
    </message>
    <message>
        <source>Folder or archive of images</source>
        <translation>Bildordner oder -archiv</translation>
    </message>
    <message>
        <source>Choose the folder or archive of images</source>
        <translation>Bildordner oder -archiv wählen</translation>
    </message>
    <message>
        <source>Choose the folder or archive of images first.</source>
        <translation>Zuerst den Bildordner oder das Bildarchiv wählen.</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>Suche</translation>
    </message>
    <message>
        <source>Search sequentially</source>
        <translation>Nacheinander suchen</translation>
    </message>
    <message>
        <source>Each matrix product is searched in a network whose earlier products are quantized already; otherwise in the float network. Takes a pass forward and back for every product, and need not be better with few calibration images.</source>
        <translation>Jedes Matrixprodukt wird in einem Netz gesucht, dessen frühere Produkte schon quantisiert sind, sonst im Gleitkommanetz. Kostet für jedes Produkt einen Durchlauf vor und zurück und muss bei wenigen Kalibrierbildern nicht besser sein.</translation>
    </message>
    <message>
        <source>Searches the intervals after calibration; otherwise those of the calibration stay</source>
        <translation>Sucht die Intervalle nach der Kalibrierung; sonst bleiben die der Kalibrierung</translation>
    </message>
    <message>
        <source>Waits behind the jobs of the queue</source>
        <translation>Wartet hinter den Aufträgen der Warteschlange</translation>
    </message>
</context>
<context>
    <name>quantoscope::ResultTableModel</name>
    <message>
        <source>not run</source>
        <translation>nicht gelaufen</translation>
    </message>
    <message>
        <source>stale</source>
        <translation>veraltet</translation>
    </message>
    <message>
        <source>done</source>
        <translation>fertig</translation>
    </message>
    <message>
        <source>no weights</source>
        <translation>keine Gewichte</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>fehlgeschlagen</translation>
    </message>
    <message>
        <source>float</source>
        <translation>float</translation>
    </message>
    <message>
        <source>Against float on the same images: %1 gained, %2 lost, McNemar p = %3</source>
        <translation>Gegen float auf denselben Bildern: %1 gewonnen, %2 verloren, McNemar-p = %3</translation>
    </message>
    <message>
        <source>Table of a paper</source>
        <translation>Tabelle einer Veröffentlichung</translation>
    </message>
    <message>
        <source>Suite</source>
        <translation>Tabelle</translation>
    </message>
    <message>
        <source>Model as the paper calls it</source>
        <translation>Modell, wie die Veröffentlichung es nennt</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Method as the paper calls it</source>
        <translation>Verfahren, wie die Veröffentlichung es nennt</translation>
    </message>
    <message>
        <source>Method</source>
        <translation>Verfahren</translation>
    </message>
    <message>
        <source>Bits of weights, activations and attention weights</source>
        <translation>Bits von Gewichten, Aktivierungen und Aufmerksamkeitsgewichten</translation>
    </message>
    <message>
        <source>W/A/Attn</source>
        <translation>W/A/Attn</translation>
    </message>
    <message>
        <source>Top-1 as the paper states it</source>
        <translation>Top-1 laut Veröffentlichung</translation>
    </message>
    <message>
        <source>Published</source>
        <translation>Veröffentlicht</translation>
    </message>
    <message>
        <source>Top-1 with its 95 % interval (Wilson)</source>
        <translation>Top-1 mit 95-%-Intervall (Wilson)</translation>
    </message>
    <message>
        <source>Measured [95 %]</source>
        <translation>Gemessen [95 %]</translation>
    </message>
    <message>
        <source>Measured minus published, percentage points</source>
        <translation>Gemessen minus veröffentlicht, Prozentpunkte</translation>
    </message>
    <message>
        <source>Δ published [pp]</source>
        <translation>Δ veröffentlicht [Pp]</translation>
    </message>
    <message>
        <source>Measured minus float on the same images, with its 95 % interval, percentage points</source>
        <translation>Gemessen minus float auf denselben Bildern, mit 95-%-Intervall, Prozentpunkte</translation>
    </message>
    <message>
        <source>Δ float [pp]</source>
        <translation>Δ float [Pp]</translation>
    </message>
    <message>
        <source>Evaluated images</source>
        <translation>Ausgewertete Bilder</translation>
    </message>
    <message>
        <source>Images</source>
        <translation>Bilder</translation>
    </message>
    <message>
        <source>Whether the result is there</source>
        <translation>Ob das Ergebnis da ist</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
</context>
<context>
    <name>quantoscope::RunActions</name>
    <message>
        <source>Select one run.</source>
        <translation>Wählen Sie einen Lauf.</translation>
    </message>
    <message>
        <source>&amp;Repeat this run</source>
        <translation>Diesen Lauf &amp;wiederholen</translation>
    </message>
    <message>
        <source>The same request again, behind the jobs that wait: form, images and calibration set as stored with the run</source>
        <translation>Derselbe Auftrag noch einmal, hinter den wartenden: Formular, Bilder und Kalibriersatz wie mit dem Lauf gespeichert</translation>
    </message>
    <message>
        <source>&amp;Take over recipe and plan</source>
        <translation>Rezept und Plan über&amp;nehmen</translation>
    </message>
    <message>
        <source>This run was not quantized.</source>
        <translation>Dieser Lauf war nicht quantisiert.</translation>
    </message>
    <message>
        <source>Can be undone</source>
        <translation>Kann rückgängig gemacht werden</translation>
    </message>
    <message>
        <source>&amp;Compare these two runs</source>
        <translation>Diese beiden Läufe &amp;vergleichen</translation>
    </message>
    <message>
        <source>Select two runs (Ctrl and click).</source>
        <translation>Wählen Sie zwei Läufe (Strg und Klick).</translation>
    </message>
    <message>
        <source>Image by image: accuracy, flips, and what their settings differ in</source>
        <translation>Bild für Bild: Genauigkeit, Umschläge und worin sich die Einstellungen unterscheiden</translation>
    </message>
    <message>
        <source>Images in both: %1; only in one of them: %2 and %3</source>
        <translation>Bilder in beiden: %1; nur in einem davon: %2 und %3</translation>
    </message>
    <message>
        <source>%1: %2 → %3, difference %4 points, 95 % interval %5 to %6</source>
        <comment>accuracy of two runs</comment>
        <translation>%1: %2 → %3, Unterschied %4 Punkte, 95-%-Intervall %5 bis %6</translation>
    </message>
    <message>
        <source>Top-1</source>
        <translation>Top-1</translation>
    </message>
    <message>
        <source>Top-5</source>
        <translation>Top-5</translation>
    </message>
    <message>
        <source>Became wrong: %1; became right: %2; exact McNemar test p = %3</source>
        <translation>Falsch geworden: %1; richtig geworden: %2; exakter McNemar-Test p = %3</translation>
    </message>
    <message>
        <source>Same best class: %1</source>
        <translation>Gleiche beste Klasse: %1</translation>
    </message>
    <message>
        <source>Settings, first → second:</source>
        <translation>Einstellungen, erster → zweiter:</translation>
    </message>
    <message>
        <source>No difference.</source>
        <translation>Kein Unterschied.</translation>
    </message>
    <message>
        <source>… and %1 more; quantoscope-cli compare lists all</source>
        <translation>… und %1 weitere; quantoscope-cli compare nennt alle</translation>
    </message>
    <message>
        <source>Became wrong:</source>
        <translation>Falsch geworden:</translation>
    </message>
    <message>
        <source>Became right:</source>
        <translation>Richtig geworden:</translation>
    </message>
    <message>
        <source>%1 and %2</source>
        <translation>%1 und %2</translation>
    </message>
    <message>
        <source>Comparison of two runs</source>
        <translation>Vergleich zweier Läufe</translation>
    </message>
    <message>
        <source>&amp;Unpin this baseline</source>
        <translation>Bezug &amp;lösen</translation>
    </message>
    <message>
        <source>&amp;Pin as baseline</source>
        <translation>Als &amp;Bezug anheften</translation>
    </message>
    <message>
        <source>All runs of the table, and the changed images, are compared with the baseline (B)</source>
        <translation>Alle Läufe der Tabelle und die geänderten Bilder werden mit dem Bezug verglichen (B)</translation>
    </message>
</context>
<context>
    <name>quantoscope::RunReport</name>
    <message>
        <source>%1 % [%2, %3]</source>
        <comment>accuracy with 95 % interval</comment>
        <translation>%1 % [%2; %3]</translation>
    </message>
    <message>
        <source>Images</source>
        <translation>Bilder</translation>
    </message>
    <message>
        <source>Top-1 [95 % interval]</source>
        <translation>Top-1 [95-%-Intervall]</translation>
    </message>
    <message>
        <source>Top-5 [95 % interval]</source>
        <translation>Top-5 [95-%-Intervall]</translation>
    </message>
    <message>
        <source>Float</source>
        <translation>Gleitkomma</translation>
    </message>
    <message>
        <source>Quantized</source>
        <translation>Quantisiert</translation>
    </message>
    <message>
        <source>This run was calibrated, not evaluated.</source>
        <translation>Dieser Lauf wurde kalibriert, nicht ausgewertet.</translation>
    </message>
    <message>
        <source>Accuracy</source>
        <translation>Genauigkeit</translation>
    </message>
    <message>
        <source>The run was stopped: the figures are those of the first images only.</source>
        <translation>Der Lauf wurde angehalten: Die Zahlen gelten nur für die ersten Bilder.</translation>
    </message>
    <message>
        <source>Quantized against float, image by image</source>
        <translation>Quantisiert gegen Gleitkomma, Bild für Bild</translation>
    </message>
    <message>
        <source>%1 images became wrong, %2 became right; difference of top-1 %3 points, 95 % interval %4 to %5; exact McNemar test p = %6.</source>
        <translation>%1 Bilder wurden falsch, %2 richtig; Unterschied der Top-1 %3 Punkte, 95-%-Intervall %4 bis %5; exakter McNemar-Test p = %6.</translation>
    </message>
    <message>
        <source>Mean divergence KL(float || quantized) of the predictions: %1 nats.</source>
        <translation>Mittlere Divergenz KL(Gleitkomma || quantisiert) der Vorhersagen: %1 nats.</translation>
    </message>
    <message>
        <source>Image that became wrong</source>
        <translation>Bild, das falsch wurde</translation>
    </message>
    <message>
        <source>Class</source>
        <translation>Klasse</translation>
    </message>
    <message>
        <source>Predicted instead</source>
        <translation>Stattdessen vorhergesagt</translation>
    </message>
    <message>
        <source>Confidence before</source>
        <translation>Sicherheit vorher</translation>
    </message>
    <message>
        <source>after</source>
        <translation>nachher</translation>
    </message>
    <message>
        <source>And %1 more.</source>
        <translation>Und %1 weitere.</translation>
    </message>
    <message>
        <source>Tap</source>
        <translation>Messpunkt</translation>
    </message>
    <message>
        <source>Quantizer</source>
        <translation>Quantisierer</translation>
    </message>
    <message>
        <source>Bits</source>
        <translation>Bits</translation>
    </message>
    <message>
        <source>SQNR isolated [dB]</source>
        <translation>SQNR einzeln [dB]</translation>
    </message>
    <message>
        <source>SQNR cumulative [dB]</source>
        <translation>SQNR kumuliert [dB]</translation>
    </message>
    <message>
        <source>Clipped values</source>
        <translation>Abgeschnittene Werte</translation>
    </message>
    <message>
        <source>Levels in use</source>
        <translation>Benutzte Stufen</translation>
    </message>
    <message>
        <source>Taps that lose most on their own</source>
        <translation>Messpunkte mit dem größten eigenen Verlust</translation>
    </message>
    <message>
        <source>Isolated: the float value through this quantizer alone. Cumulative: the value in the quantized network against float. Measured on %1 images.</source>
        <translation>Einzeln: der Gleitkommawert nur durch diesen Quantisierer. Kumuliert: der Wert im quantisierten Netz gegen Gleitkomma. Gemessen an %1 Bildern.</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Checkpoint</source>
        <translation>Checkpoint</translation>
    </message>
    <message>
        <source>SHA-256</source>
        <translation>SHA-256</translation>
    </message>
    <message>
        <source>Preprocessing</source>
        <translation>Vorverarbeitung</translation>
    </message>
    <message>
        <source>Recipe, W/A/Attn bits</source>
        <translation>Rezept, W/A/Attn-Bits</translation>
    </message>
    <message>
        <source>Precision plan</source>
        <translation>Präzisionsplan</translation>
    </message>
    <message>
        <source>Calibration</source>
        <translation>Kalibrierung</translation>
    </message>
    <message>
        <source>%1 listed images, %2 in a batch</source>
        <translation>%1 Bilder einer Liste, %2 je Stapel</translation>
    </message>
    <message>
        <source>%1 random images (seed %2), %3 in a batch</source>
        <translation>%1 zufällige Bilder (Startwert %2), %3 je Stapel</translation>
    </message>
    <message>
        <source>Assumed</source>
        <translation>Angenommen</translation>
    </message>
    <message>
        <source>Time: %1</source>
        <translation>Zeit: %1</translation>
    </message>
    <message>
        <source>Date</source>
        <translation>Datum</translation>
    </message>
    <message>
        <source>Conditions of the run</source>
        <translation>Bedingungen des Laufs</translation>
    </message>
    <message>
        <source>Quantization report: %1, %2</source>
        <translation>Quantisierungsbericht: %1, %2</translation>
    </message>
    <message>
        <source>Quantization is simulated on float values: the figures say what accuracy would be, not how fast an integer device is.</source>
        <translation>Die Quantisierung ist auf Gleitkommawerten simuliert: Die Zahlen sagen, wie genau das Modell wäre, nicht wie schnell ein Ganzzahlgerät ist.</translation>
    </message>
    <message>
        <source>Drawing the plots of the report…</source>
        <translation>Diagramme des Berichts werden gezeichnet…</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Worst channel, share of the error</source>
        <translation>Schlimmster Kanal, Anteil am Fehler</translation>
    </message>
    <message>
        <source>Worst image, share of the error</source>
        <translation>Schlimmstes Bild, Anteil am Fehler</translation>
    </message>
</context>
<context>
    <name>quantoscope::RunTableModel</name>
    <message>
        <source>calibrated</source>
        <translation>kalibriert</translation>
    </message>
    <message>
        <source>partial, no accuracy</source>
        <translation>teilweise, ohne Genauigkeit</translation>
    </message>
    <message>
        <source>complete</source>
        <translation>vollständig</translation>
    </message>
    <message>
        <source>partial</source>
        <translation>teilweise</translation>
    </message>
    <message>
        <source>%1 % [%2, %3]</source>
        <comment>top-1 with 95 % interval</comment>
        <translation>%1 % [%2; %3]</translation>
    </message>
    <message>
        <source>Of %1 common images %2 became right and %3 became wrong; exact McNemar test p = %4.</source>
        <translation>Von %1 gemeinsamen Bildern wurden %2 richtig und %3 falsch; exakter McNemar-Test p = %4.</translation>
    </message>
    <message>
        <source>No change against the recipe</source>
        <translation>Keine Änderung gegenüber dem Rezept</translation>
    </message>
    <message>
        <source>This run has no float evaluation beside a quantized one.</source>
        <translation>Dieser Lauf hat neben der quantisierten keine Gleitkomma-Auswertung.</translation>
    </message>
    <message>
        <source>There is no row above on the same images.</source>
        <translation>Darüber steht keine Zeile zu denselben Bildern.</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>Lauf</translation>
    </message>
    <message>
        <source>Recipe and bits of weights/activations/attention</source>
        <translation>Rezept und Bit von Gewichten/Aktivierungen/Attention</translation>
    </message>
    <message>
        <source>Recipe, W/A/Attn</source>
        <translation>Rezept, W/A/Attn</translation>
    </message>
    <message>
        <source>What the precision plan changes against the recipe</source>
        <translation>Was der Präzisionsplan gegenüber dem Rezept ändert</translation>
    </message>
    <message>
        <source>Plan</source>
        <translation>Plan</translation>
    </message>
    <message>
        <source>Images that count</source>
        <translation>Gezählte Bilder</translation>
    </message>
    <message>
        <source>Images</source>
        <translation>Bilder</translation>
    </message>
    <message>
        <source>Top-1 accuracy of the float model on the same images</source>
        <translation>Top-1-Genauigkeit des Gleitkomma-Modells auf denselben Bildern</translation>
    </message>
    <message>
        <source>Float top-1</source>
        <translation>Float-Top-1</translation>
    </message>
    <message>
        <source>Top-1 accuracy with its Wilson 95 % interval</source>
        <translation>Top-1-Genauigkeit mit Wilson-Intervall (95 %)</translation>
    </message>
    <message>
        <source>Top-1 [95 %]</source>
        <translation>Top-1 [95 %]</translation>
    </message>
    <message>
        <source>Top-5</source>
        <translation>Top-5</translation>
    </message>
    <message>
        <source>Δ float [pp]</source>
        <translation>Δ float [PP]</translation>
    </message>
    <message>
        <source>Δ above [pp]</source>
        <translation>Δ darüber [PP]</translation>
    </message>
    <message>
        <source>Images given the same class as in the row above</source>
        <translation>Bilder mit derselben Klasse wie in der Zeile darüber</translation>
    </message>
    <message>
        <source>Agreement</source>
        <translation>Übereinst.</translation>
    </message>
    <message>
        <source>Exact McNemar test against the row above: how likely a change this large is by chance</source>
        <translation>Exakter McNemar-Test gegen die Zeile darüber: wie wahrscheinlich eine so große Änderung durch Zufall ist</translation>
    </message>
    <message>
        <source>p</source>
        <translation>p</translation>
    </message>
    <message>
        <source>Images per second, decoding included</source>
        <translation>Bilder je Sekunde, einschließlich Dekodierung</translation>
    </message>
    <message>
        <source>Images/s</source>
        <translation>Bilder/s</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>Status</translation>
    </message>
    <message>
        <source>Cancelled: the figures are those of the first images only (%1).</source>
        <translation>Abgebrochen: Die Zahlen gelten nur für die ersten Bilder (%1).</translation>
    </message>
    <message>
        <source>Images that could not be used and do not count: %1.</source>
        <translation>Bilder, die nicht verwendbar waren und nicht zählen: %1.</translation>
    </message>
    <message>
        <source>decided: better</source>
        <translation>entschieden: besser</translation>
    </message>
    <message>
        <source>decided: worse</source>
        <translation>entschieden: schlechter</translation>
    </message>
    <message>
        <source>decided: equivalent</source>
        <translation>entschieden: gleichwertig</translation>
    </message>
    <message>
        <source>undecided</source>
        <translation>unentschieden</translation>
    </message>
    <message>
        <source>Evaluation until decided, against %1: %2 of %3 images in random order, %4 became right and %5 became wrong. p = %6, difference of top-1 %7 to %8 points; both hold although the evaluation chose its end.</source>
        <translation>Auswertung bis zur Entscheidung, gegen %1: %2 von %3 Bildern in zufälliger Reihenfolge, %4 wurden richtig und %5 falsch. p = %6, Differenz der Top-1 %7 bis %8 Punkte; beides gilt, obwohl die Auswertung ihr Ende selbst wählte.</translation>
    </message>
    <message>
        <source>the float model</source>
        <translation>das Gleitkomma-Modell</translation>
    </message>
    <message>
        <source>One of the two evaluations chose its own end, which this p-value does not allow for.</source>
        <translation>Eine der beiden Auswertungen wählte ihr Ende selbst, was dieser p-Wert nicht berücksichtigt.</translation>
    </message>
    <message>
        <source>%1 images count as wrong because their logits are not finite: the quantized arithmetic broke down on them.</source>
        <translation>%1 Bilder zählen als falsch, weil ihre Logits nicht endlich sind: Die quantisierte Arithmetik ist an ihnen zerbrochen.</translation>
    </message>
    <message>
        <source>%1 (baseline)</source>
        <translation>%1 (Bezug)</translation>
    </message>
    <message>
        <source>%1 [%2, %3]</source>
        <comment>change in points with its 95 % interval</comment>
        <translation>%1 [%2; %3]</translation>
    </message>
    <message>
        <source>This is the baseline that the other runs are compared with.</source>
        <translation>Das ist der Bezug, mit dem die anderen Läufe verglichen werden.</translation>
    </message>
    <message>
        <source>The baseline was not evaluated on the same images; Changes compares those in common.</source>
        <translation>Der Bezug wurde nicht auf denselben Bildern ausgewertet; „Änderungen“ vergleicht die gemeinsamen.</translation>
    </message>
    <message>
        <source>Change of top-1 against float on the same images, percentage points, with its 95 % interval for paired data</source>
        <translation>Änderung der Top-1 gegen Gleitkomma auf denselben Bildern, Prozentpunkte, mit 95-%-Intervall für gepaarte Daten</translation>
    </message>
    <message>
        <source>Change of top-1 against the baseline on the same images, percentage points, with its 95 % interval for paired data</source>
        <translation>Änderung der Top-1 gegen den Bezug auf denselben Bildern, Prozentpunkte, mit 95-%-Intervall für gepaarte Daten</translation>
    </message>
    <message>
        <source>Δ baseline [pp]</source>
        <translation>Δ Bezug [PP]</translation>
    </message>
    <message>
        <source>Change of top-1 against the row above on the same images, percentage points, with its 95 % interval for paired data</source>
        <translation>Änderung der Top-1 gegen die Zeile darüber auf denselben Bildern, Prozentpunkte, mit 95-%-Intervall für gepaarte Daten</translation>
    </message>
    <message>
        <source>Images given the same class as by the baseline</source>
        <translation>Bilder, die dieselbe Klasse wie beim Bezug bekommen</translation>
    </message>
    <message>
        <source>Exact McNemar test against the baseline: how likely a change this large is by chance</source>
        <translation>Exakter McNemar-Test gegen den Bezug: wie wahrscheinlich eine so große Änderung durch Zufall ist</translation>
    </message>
    <message>
        <source>The integer softmax has no steps at the scale of %1 score taps (%2 first): give the scores more bits, or the softmax another quantizer.</source>
        <translation>Das Ganzzahl-Softmax hat bei der Skala von %1 Score-Abgriffen (zuerst %2) keine Stufen: den Scores mehr Bits geben oder dem Softmax einen anderen Quantisierer.</translation>
    </message>
    <message>
        <source>%1, listed</source>
        <comment>calibration images</comment>
        <translation>%1, aus Liste</translation>
    </message>
    <message>
        <source>%1, seed %2</source>
        <comment>calibration images</comment>
        <translation>%1, Seed %2</translation>
    </message>
    <message>
        <source>Calibration images, and the seed that drew them</source>
        <translation>Kalibrierungsbilder und der Seed, der sie gezogen hat</translation>
    </message>
    <message>
        <source>Calibration</source>
        <translation>Kalibrierung</translation>
    </message>
</context>
<context>
    <name>quantoscope::RunsPanel</name>
    <message>
        <source>Finished evaluations</source>
        <translation>Fertige Auswertungen</translation>
    </message>
    <message>
        <source>Every finished evaluation becomes a row here: choose a recipe on the right and run.</source>
        <translation>Jede fertige Auswertung wird hier zu einer Zeile: rechts ein Rezept wählen und ausführen.</translation>
    </message>
</context>
<context>
    <name>quantoscope::RunsPlot</name>
    <message>
        <source>Runs</source>
        <translation>Läufe</translation>
    </message>
    <message>
        <source>Size of the weights</source>
        <translation>Größe der Gewichte</translation>
    </message>
    <message>
        <source>Average bits</source>
        <translation>Mittlere Bits</translation>
    </message>
    <message>
        <source>Bit operations</source>
        <translation>Bitoperationen</translation>
    </message>
    <message>
        <source>These runs were made by an earlier version, which did not note what they take: repeat them.</source>
        <translation>Diese Läufe stammen von einer früheren Version, die nicht notierte, was sie kosten: wiederholen.</translation>
    </message>
    <message>
        <source>Evaluate some runs on images of known class to see which of them are worth their cost.</source>
        <translation>Einige Läufe auf Bildern bekannter Klasse auswerten, um zu sehen, welche ihre Kosten wert sind.</translation>
    </message>
    <message>
        <source>float</source>
        <translation>Gleitkomma</translation>
    </message>
    <message>
        <source>Top-1 [%]</source>
        <translation>Top-1 [%]</translation>
    </message>
    <message>
        <source>Front</source>
        <translation>Front</translation>
    </message>
    <message>
        <source>Float</source>
        <translation>Gleitkomma</translation>
    </message>
    <message>
        <source>On the front</source>
        <translation>Auf der Front</translation>
    </message>
    <message>
        <source>Behind the front</source>
        <translation>Hinter der Front</translation>
    </message>
    <message>
        <source>Partial run</source>
        <translation>Teillauf</translation>
    </message>
    <message>
        <source>%1 (baseline)</source>
        <translation>%1 (Bezug)</translation>
    </message>
    <message>
        <source>Accuracy of all runs over what their plans take</source>
        <translation>Genauigkeit aller Läufe über dem, was ihre Pläne kosten</translation>
    </message>
    <message>
        <source>Bars: Wilson 95 % interval.</source>
        <translation>Balken: Wilson-95-%-Intervall.</translation>
    </message>
    <message>
        <source>Not all runs are of the same images: their accuracies do not compare.</source>
        <translation>Nicht alle Läufe sind von denselben Bildern: Ihre Genauigkeiten sind nicht vergleichbar.</translation>
    </message>
    <message>
        <source>Left out: runs of an earlier version, without costs (%1).</source>
        <translation>Ausgelassen: Läufe einer früheren Version ohne Kosten (%1).</translation>
    </message>
    <message>
        <source>top-1 %1 % (%2 to %3) on %4 images</source>
        <translation>Top-1 %1 % (%2 bis %3) auf %4 Bildern</translation>
    </message>
    <message>
        <source>on the front</source>
        <translation>auf der Front</translation>
    </message>
    <message>
        <source>partial</source>
        <translation>teilweise</translation>
    </message>
    <message>
        <source>What the runs take</source>
        <translation>Was die Läufe kosten</translation>
    </message>
    <message>
        <source>Size of the activations</source>
        <translation>Größe der Aktivierungen</translation>
    </message>
</context>
<context>
    <name>quantoscope::SearchDialog</name>
    <message>
        <source>Search precision</source>
        <translation>Genauigkeit suchen</translation>
    </message>
    <message>
        <source>Recipe</source>
        <translation>Rezept</translation>
    </message>
    <message>
        <source>Budget</source>
        <translation>Budget</translation>
    </message>
    <message>
        <source>Unit of the budget</source>
        <translation>Einheit des Budgets</translation>
    </message>
    <message>
        <source>bit on average</source>
        <translation>Bit im Mittel</translation>
    </message>
    <message>
        <source>MB of weights</source>
        <translation>MB Gewichte</translation>
    </message>
    <message>
        <source>10⁹ bit operations</source>
        <translation>10⁹ Bitoperationen</translation>
    </message>
    <message>
        <source>&amp;Budget</source>
        <translation>&amp;Budget</translation>
    </message>
    <message>
        <source>float</source>
        <translation>Gleitkomma</translation>
    </message>
    <message>
        <source>Offer float</source>
        <translation>Gleitkomma anbieten</translation>
    </message>
    <message>
        <source>Offer %1 bit</source>
        <translation>%1 Bit anbieten</translation>
    </message>
    <message>
        <source>Precisions</source>
        <translation>Genauigkeiten</translation>
    </message>
    <message>
        <source>Operands of a product &amp;alike</source>
        <translation>&amp;Operanden eines Produkts gleich</translation>
    </message>
    <message>
        <source>Weight and activations of a product at one width, as most integer kernels want it</source>
        <translation>Gewicht und Aktivierungen eines Produkts in einer Breite, wie die meisten Ganzzahlkerne es verlangen</translation>
    </message>
    <message>
        <source>&amp;First and last layer at least 8 bit</source>
        <translation>&amp;Erste und letzte Schicht mindestens 8 Bit</translation>
    </message>
    <message>
        <source>Calibration images behind the sensitivity</source>
        <translation>Kalibrierbilder hinter der Empfindlichkeit</translation>
    </message>
    <message>
        <source>Calibration &amp;images</source>
        <translation>Kalibrier&amp;bilder</translation>
    </message>
    <message>
        <source>Points of the front that are evaluated</source>
        <translation>Punkte der Front, die ausgewertet werden</translation>
    </message>
    <message>
        <source>none</source>
        <translation>keine</translation>
    </message>
    <message>
        <source>Runs the chosen point, others along the front, and one width everywhere on the images to evaluate</source>
        <translation>Rechnet den gewählten Punkt, weitere entlang der Front und überall eine Breite auf den auszuwertenden Bildern</translation>
    </message>
    <message>
        <source>&amp;Evaluate points</source>
        <translation>Punkte aus&amp;werten</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>Suchen</translation>
    </message>
    <message>
        <source>Working out the cost…</source>
        <translation>Aufwand wird ermittelt…</translation>
    </message>
    <message>
        <source>%1 measurements on %2 images: as much work as %3 passes of one image.</source>
        <translation>%1 Messungen auf %2 Bildern: so viel Arbeit wie %3 Durchläufe eines Bildes.</translation>
    </message>
    <message>
        <source>Of these, %1 for evaluations on %2 images each.</source>
        <translation>Davon %1 für Auswertungen auf je %2 Bildern.</translation>
    </message>
    <message>
        <source>And %1 searches for intervals, which may take minutes each.</source>
        <translation>Dazu %1 Intervallsuchen, die je Minuten dauern können.</translation>
    </message>
    <message>
        <source>MB of activations</source>
        <translation>MB Aktivierungen</translation>
    </message>
    <message>
        <source>Average: over all quantized weights and the activations of one image; float counts 32 bit. Bit operations: multiply-accumulates times the bits of both operands, per image. Activations: all values of one image that are quantized, not the peak at one moment.</source>
        <translation>Mittel: über alle quantisierten Gewichte und die Aktivierungen eines Bildes; Gleitkomma zählt 32 Bit. Bitoperationen: Multiplikationen mit Addition mal den Bits beider Operanden, je Bild. Aktivierungen: alle quantisierten Werte eines Bildes, nicht die Spitze in einem Augenblick.</translation>
    </message>
    <message>
        <source>Edges between layers of unlike precision: each is a conversion on an integer device, and many of them can take more time than narrow layers save. It can be changed later beside the plot.</source>
        <translation>Kanten zwischen Schichten ungleicher Genauigkeit: Jede ist auf einem Ganzzahlgerät eine Umwandlung, und viele davon können mehr Zeit kosten, als schmale Schichten sparen. Lässt sich später neben dem Diagramm ändern.</translation>
    </message>
    <message>
        <source>Con&amp;versions</source>
        <translation>U&amp;mwandlungen</translation>
    </message>
</context>
<context>
    <name>quantoscope::SensitivityDialog</name>
    <message>
        <source>Measure sensitivity</source>
        <translation>Empfindlichkeit messen</translation>
    </message>
    <message>
        <source>&amp;Parts:</source>
        <translation>&amp;Teile:</translation>
    </message>
    <message>
        <source>&amp;Only this quantized: what it costs</source>
        <translation>&amp;Nur dies quantisiert: was es kostet</translation>
    </message>
    <message>
        <source>&amp;All but this quantized: what leaving it in float saves</source>
        <translation>&amp;Alles außer diesem quantisiert: was Gleitkomma hier spart</translation>
    </message>
    <message>
        <source>&amp;Weights and activations separately, too</source>
        <translation>&amp;Gewichte und Aktivierungen auch getrennt</translation>
    </message>
    <message>
        <source>Measure:</source>
        <translation>Messen:</translation>
    </message>
    <message>
        <source>Only this at:</source>
        <translation>Nur dies mit:</translation>
    </message>
    <message>
        <source>all</source>
        <translation>alle</translation>
    </message>
    <message>
        <source>&amp;Images:</source>
        <translation>&amp;Bilder:</translation>
    </message>
    <message>
        <source>&amp;Start</source>
        <translation>&amp;Starten</translation>
    </message>
    <message>
        <source>Choose at least one thing to measure.</source>
        <translation>Mindestens eine Messung wählen.</translation>
    </message>
    <message>
        <source>Choose at least one precision.</source>
        <translation>Mindestens eine Bitbreite wählen.</translation>
    </message>
    <message>
        <source>%1 measurements on %2 images: %3 passes over them, about %4 after the calibration. Cancel keeps what is finished.</source>
        <translation>%1 Messungen an %2 Bildern: %3 Durchgänge, nach der Kalibrierung etwa %4. Abbrechen behält, was fertig ist.</translation>
    </message>
    <message>
        <source>Working out the cost…</source>
        <translation>Aufwand wird ermittelt…</translation>
    </message>
</context>
<context>
    <name>quantoscope::SensitivityPlot</name>
    <message>
        <source>Sensitivity</source>
        <translation>Empfindlichkeit</translation>
    </message>
    <message>
        <source>KL divergence [nats]</source>
        <translation>KL-Divergenz [nat]</translation>
    </message>
    <message>
        <source>Changed predictions [%]</source>
        <translation>Geänderte Vorhersagen [%]</translation>
    </message>
    <message>
        <source>Top-1 lost [points]</source>
        <translation>Verlorene Top-1 [Punkte]</translation>
    </message>
    <message>
        <source>by tap</source>
        <translation>je Messpunkt</translation>
    </message>
    <message>
        <source>by operator</source>
        <translation>je Operator</translation>
    </message>
    <message>
        <source>by block</source>
        <translation>je Block</translation>
    </message>
    <message>
        <source>by type of operator</source>
        <translation>je Operatorart</translation>
    </message>
    <message>
        <source>bits as set</source>
        <translation>eingestellte Bitbreite</translation>
    </message>
    <message>
        <source>%1 bit</source>
        <translation>%1 Bit</translation>
    </message>
    <message>
        <source>Run a quantized evaluation, then choose Run, Measure sensitivity to see which parts cost the most.</source>
        <translation>Eine quantisierte Auswertung ausführen, dann Ausführen, Empfindlichkeit messen wählen, um zu sehen, welche Teile am meisten kosten.</translation>
    </message>
    <message>
        <source>No sensitivity was measured yet: choose Run, Measure sensitivity.</source>
        <translation>Noch keine Empfindlichkeit gemessen: Ausführen, Empfindlichkeit messen wählen.</translation>
    </message>
    <message>
        <source>These images have no labels: choose another figure above.</source>
        <translation>Diese Bilder haben keine Klassen: oben ein anderes Maß wählen.</translation>
    </message>
    <message>
        <source>Rank, most sensitive first</source>
        <translation>Rang, empfindlichste zuerst</translation>
    </message>
    <message>
        <source>Type of operator</source>
        <translation>Operatorart</translation>
    </message>
    <message>
        <source>Sensitivity %1: %2</source>
        <translation>Empfindlichkeit %1: %2</translation>
    </message>
    <message>
        <source>Images: %1. Everything quantized: KL %2, %3 of the predictions agree with float.</source>
        <translation>Bilder: %1. Alles quantisiert: KL %2, %3 der Vorhersagen stimmen mit Gleitkomma überein.</translation>
    </message>
    <message>
        <source>Top-1 %1, float %2.</source>
        <translation>Top-1 %1, Gleitkomma %2.</translation>
    </message>
    <message>
        <source>Stopped early: %1 of %2 images, %3 measurements.</source>
        <translation>Vorzeitig angehalten: %1 von %2 Bildern, %3 Messungen.</translation>
    </message>
    <message>
        <source>Only this quantized:
%1</source>
        <translation>Nur dies quantisiert:
%1</translation>
    </message>
    <message>
        <source>Only this in float,
saves: %1</source>
        <translation>Nur dies in Gleitkomma,
spart: %1</translation>
    </message>
    <message>
        <source>Weights and activations together</source>
        <translation>Gewichte und Aktivierungen zusammen</translation>
    </message>
    <message>
        <source>Weights</source>
        <translation>Gewichte</translation>
    </message>
    <message>
        <source>Activations</source>
        <translation>Aktivierungen</translation>
    </message>
    <message>
        <source>weights</source>
        <translation>Gewichte</translation>
    </message>
    <message>
        <source>activations</source>
        <translation>Aktivierungen</translation>
    </message>
    <message>
        <source>alone: KL %1 ± %2, %3 agree</source>
        <translation>allein: KL %1 ± %2, %3 stimmen überein</translation>
    </message>
    <message>
        <source>left in float: KL %1 ± %2, %3 agree</source>
        <translation>in Gleitkomma: KL %1 ± %2, %3 stimmen überein</translation>
    </message>
    <message>
        <source>Measure of sensitivity</source>
        <translation>Maß der Empfindlichkeit</translation>
    </message>
    <message>
        <source>What is switched together</source>
        <translation>Was zusammen umgeschaltet wird</translation>
    </message>
    <message>
        <source>Bits of what is quantized alone</source>
        <translation>Bitbreite dessen, was allein quantisiert wird</translation>
    </message>
    <message>
        <source>Sorted</source>
        <translation>Sortiert</translation>
    </message>
    <message>
        <source>Most sensitive first instead of network order</source>
        <translation>Empfindlichste zuerst statt in Netzreihenfolge</translation>
    </message>
</context>
<context>
    <name>quantoscope::SettingsDialog</name>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>Wie das System</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <source>Processor (CPU)</source>
        <translation>Prozessor (CPU)</translation>
    </message>
    <message>
        <source>Graphics card (CUDA)</source>
        <translation>Grafikkarte (CUDA)</translation>
    </message>
    <message>
        <source>CUDA needs a LibTorch built with it; opening a model says when it is missing.</source>
        <translation>CUDA setzt ein damit gebautes LibTorch voraus; fehlt es, sagt es das Öffnen eines Modells.</translation>
    </message>
    <message>
        <source>All cores (%1)</source>
        <translation>Alle Kerne (%1)</translation>
    </message>
    <message>
        <source>&amp;Browse…</source>
        <translation>&amp;Durchsuchen…</translation>
    </message>
    <message>
        <source>&amp;Theme</source>
        <translation>&amp;Erscheinungsbild</translation>
    </message>
    <message>
        <source>&amp;Language</source>
        <translation>&amp;Sprache</translation>
    </message>
    <message>
        <source>&amp;Device</source>
        <translation>&amp;Gerät</translation>
    </message>
    <message>
        <source>T&amp;hreads</source>
        <translation>&amp;Threads</translation>
    </message>
    <message>
        <source>&amp;Model folder</source>
        <translation>&amp;Modellordner</translation>
    </message>
    <message>
        <source>Folder for downloaded models</source>
        <translation>Ordner für geladene Modelle</translation>
    </message>
    <message>
        <source>The language changes when Quantoscope starts again.</source>
        <translation>Die Sprache wechselt beim nächsten Start von Quantoscope.</translation>
    </message>
    <message>
        <source>The open model is opened again for another device, number of threads or memory.</source>
        <translation>Für ein anderes Gerät, eine andere Zahl von Threads oder anderen Speicher wird das offene Modell neu geöffnet.</translation>
    </message>
    <message>
        <source> MiB</source>
        <translation> MiB</translation>
    </message>
    <message>
        <source>None</source>
        <translation>Keiner</translation>
    </message>
    <message>
        <source>Activations that are kept, so that after a change only what comes behind it is computed again. More is faster.</source>
        <translation>Aktivierungen, die behalten werden, damit nach einer Änderung nur neu berechnet wird, was dahinter kommt. Mehr ist schneller.</translation>
    </message>
    <message>
        <source>Memory for acti&amp;vations</source>
        <translation>Speicher für A&amp;ktivierungen</translation>
    </message>
    <message>
        <source>Folder of downloaded models</source>
        <translation>Ordner der heruntergeladenen Modelle</translation>
    </message>
    <message>
        <source>&amp;Ask before very large files are opened</source>
        <translation>&amp;Vor dem Öffnen sehr großer Dateien fragen</translation>
    </message>
    <message>
        <source>Models, runs and projects that take much of the free memory, or are far larger than usual</source>
        <translation>Modelle, Läufe und Projekte, die viel vom freien Speicher brauchen oder weit größer als üblich sind</translation>
    </message>
</context>
<context>
    <name>quantoscope::SoftmaxPlot</name>
    <message>
        <source>Softmax by block</source>
        <translation>Softmax nach Block</translation>
    </message>
    <message>
        <source>Run a calibration to see the attention weights of every block.</source>
        <translation>Eine Kalibrierung ausführen, um die Attention-Gewichte jedes Blocks zu sehen.</translation>
    </message>
    <message>
        <source>This run holds no attention weights.</source>
        <translation>Dieser Lauf enthält keine Attention-Gewichte.</translation>
    </message>
    <message>
        <source>Block</source>
        <translation>Block</translation>
    </message>
    <message>
        <source>Attention weights by block against levels of %1 bit</source>
        <translation>Attention-Gewichte nach Block und Stufen von %1 Bit</translation>
    </message>
    <message>
        <source>%1 of the weights lie under 10⁻⁶.</source>
        <translation>%1 der Gewichte liegen unter 10⁻⁶.</translation>
    </message>
    <message>
        <source>Rows add up to 1 in float; farthest off: %1, mean |sum − 1| %2, sums %3 to %4.</source>
        <translation>In Gleitkomma ergibt jede Zeile 1; am weitesten ab: %1, Mittel |Summe − 1| %2, Summen %3 bis %4.</translation>
    </message>
    <message>
        <source>Attention weight</source>
        <translation>Attention-Gewicht</translation>
    </message>
    <message>
        <source>uniform levels over 0 to 1</source>
        <translation>gleichförmige Stufen von 0 bis 1</translation>
    </message>
    <message>
        <source>log2 levels</source>
        <translation>log2-Stufen</translation>
    </message>
    <message>
        <source>Sum of a quantized row</source>
        <translation>Summe einer quantisierten Zeile</translation>
    </message>
    <message>
        <source>sums %1 to %2: %3 of %4 rows</source>
        <translation>Summen %1 bis %2: %3 von %4 Zeilen</translation>
    </message>
    <message>
        <source>%1 to %2: %3 of the values</source>
        <translation>%1 bis %2: %3 der Werte</translation>
    </message>
    <message>
        <source>mean |sum − 1| %1</source>
        <translation>Mittel |Summe − 1| %1</translation>
    </message>
    <message>
        <source>Softmax</source>
        <translation>Softmax</translation>
    </message>
</context>
<context>
    <name>quantoscope::SpreadController</name>
    <message>
        <source>Repeat with other calibration &amp;images…</source>
        <translation>Mit anderen Kalibrierungsbildern &amp;wiederholen…</translation>
    </message>
    <message>
        <source>A list names the calibration images, so all draws would be equal: clear it first.</source>
        <translation>Eine Liste nennt die Kalibrierungsbilder, alle Ziehungen wären also gleich: zuerst die Liste leeren.</translation>
    </message>
    <message>
        <source>How much the accuracy depends on which calibration images are drawn, and on how many</source>
        <translation>Wie sehr die Genauigkeit davon abhängt, welche und wie viele Kalibrierungsbilder gezogen werden</translation>
    </message>
</context>
<context>
    <name>quantoscope::SpreadPlot</name>
    <message>
        <source>Published: %1</source>
        <translation>Veröffentlicht: %1</translation>
    </message>
    <message>
        <source>Published: %1 on 50,000 images (%2).</source>
        <translation>Veröffentlicht: %1 auf 50.000 Bildern (%2).</translation>
    </message>
    <message>
        <source>Spread</source>
        <translation>Streuung</translation>
    </message>
    <message>
        <source>Top-1</source>
        <translation>Top-1</translation>
    </message>
    <message>
        <source>Agreement with float</source>
        <translation>Übereinstimmung mit Gleitkomma</translation>
    </message>
    <message>
        <source>KL divergence from float</source>
        <translation>KL-Divergenz zu Gleitkomma</translation>
    </message>
    <message>
        <source>How much does the accuracy depend on the calibration images? Run → Repeat with other calibration images… finds out.</source>
        <translation>Wie sehr hängt die Genauigkeit von den Kalibrierungsbildern ab? Ausführen → Mit anderen Kalibrierungsbildern wiederholen… findet es heraus.</translation>
    </message>
    <message>
        <source>These images are of unknown class: look at the agreement with float instead.</source>
        <translation>Die Klassen dieser Bilder sind unbekannt: stattdessen die Übereinstimmung mit Gleitkomma ansehen.</translation>
    </message>
    <message>
        <source>These runs hold no float result to compare with: look at top-1 instead.</source>
        <translation>Diese Läufe enthalten kein Gleitkomma-Ergebnis zum Vergleich: stattdessen Top-1 ansehen.</translation>
    </message>
    <message>
        <source>Calibration images</source>
        <translation>Kalibrierungsbilder</translation>
    </message>
    <message>
        <source>Top-1 [%]</source>
        <translation>Top-1 [%]</translation>
    </message>
    <message>
        <source>Agreement [%]</source>
        <translation>Übereinstimmung [%]</translation>
    </message>
    <message>
        <source>KL divergence from float [nats]</source>
        <translation>KL-Divergenz zu Gleitkomma [nat]</translation>
    </message>
    <message>
        <source>Float model</source>
        <translation>Gleitkommamodell</translation>
    </message>
    <message>
        <source>%1, batches of %2</source>
        <translation>%1, Stapel zu %2</translation>
    </message>
    <message>
        <source>Mean with 95 % interval</source>
        <translation>Mittel mit 95-%-Intervall</translation>
    </message>
    <message>
        <source>One draw</source>
        <translation>Eine Ziehung</translation>
    </message>
    <message>
        <source>converged at %1</source>
        <translation>konvergiert bei %1</translation>
    </message>
    <message>
        <source>%1 over the number of calibration images: %2</source>
        <translation>%1 über der Anzahl der Kalibrierungsbilder: %2</translation>
    </message>
    <message>
        <source>Batches of %1: </source>
        <translation>Stapel zu %1: </translation>
    </message>
    <message>
        <source>%1 images: %2 draws, mean %3, %4 to %5</source>
        <translation>%1 Bilder: %2 Ziehungen, Mittel %3, %4 bis %5</translation>
    </message>
    <message>
        <source>, standard deviation %1</source>
        <translation>, Standardabweichung %1</translation>
    </message>
    <message>
        <source>Converged at %1 images: from there on the mean stays within these draws.</source>
        <translation>Konvergiert bei %1 Bildern: Von da an bleibt das Mittel innerhalb dieser Ziehungen.</translation>
    </message>
    <message>
        <source>Other sizes would tell from how many images on it stays.</source>
        <translation>Andere Anzahlen würden zeigen, ab wie vielen Bildern es so bleibt.</translation>
    </message>
    <message>
        <source>Not converged at fewer images.</source>
        <translation>Bei weniger Bildern nicht konvergiert.</translation>
    </message>
    <message>
        <source>All on the same %1 images.</source>
        <translation>Alle auf denselben %1 Bildern.</translation>
    </message>
    <message>
        <source>Float model: %1.</source>
        <translation>Gleitkommamodell: %1.</translation>
    </message>
    <message>
        <source>Left out: partial runs (%1).</source>
        <translation>Nicht dabei: unvollständige Läufe (%1).</translation>
    </message>
    <message>
        <source>%1 calibration images in batches of %2, seed %3</source>
        <translation>%1 Kalibrierungsbilder in Stapeln zu %2, Seed %3</translation>
    </message>
    <message>
        <source>top-1 %1</source>
        <translation>Top-1 %1</translation>
    </message>
    <message>
        <source>%1 as float</source>
        <translation>%1 wie Gleitkomma</translation>
    </message>
    <message>
        <source>KL %1 nats</source>
        <translation>KL %1 nat</translation>
    </message>
    <message>
        <source>What the draws are judged by</source>
        <translation>Wonach die Ziehungen beurteilt werden</translation>
    </message>
</context>
<context>
    <name>quantoscope::StabilityPlot</name>
    <message>
        <source>Stability</source>
        <translation>Stabilität</translation>
    </message>
    <message>
        <source>Run a calibration to see how much its ranges depend on the images.</source>
        <translation>Eine Kalibrierung ausführen, um zu sehen, wie sehr ihre Bereiche von den Bildern abhängen.</translation>
    </message>
    <message>
        <source>This run holds no resampled calibrations; run it again to get them.</source>
        <translation>Dieser Lauf enthält keine neu gezogenen Kalibrierungen; ihn erneut ausführen, um sie zu erhalten.</translation>
    </message>
    <message>
        <source>Ranges by layer, and where other calibration images would have led</source>
        <translation>Bereiche je Schicht, und wohin andere Kalibrierungsbilder geführt hätten</translation>
    </message>
    <message>
        <source>Range max − min</source>
        <translation>Bereich max − min</translation>
    </message>
    <message>
        <source>90 % of the resampled calibrations</source>
        <translation>90 % der neu gezogenen Kalibrierungen</translation>
    </message>
    <message>
        <source>Float range</source>
        <translation>Bereich in Gleitkomma (float)</translation>
    </message>
    <message>
        <source>Quantized range</source>
        <translation>Quantisierungsbereich</translation>
    </message>
    <message>
        <source>Of its range [%]</source>
        <translation>Vom eigenen Bereich [%]</translation>
    </message>
    <message>
        <source>Clipped [%]</source>
        <translation>Abgeschnitten [%]</translation>
    </message>
    <message>
        <source>Clipped values</source>
        <translation>Abgeschnittene Werte</translation>
    </message>
    <message>
        <source>%1 calibrations on images drawn with replacement (seed %2). Most unstable: %3, whose scale lies within a band of %4 of itself in 90 % of them.</source>
        <translation>%1 Kalibrierungen auf Bildern, die mit Zurücklegen gezogen wurden (Startwert %2). Am instabilsten: %3; die Schrittweite liegt bei 90 % von ihnen in einem Band von %4 ihrer selbst.</translation>
    </message>
    <message>
        <source>Converged at %1 of %2 images.</source>
        <translation>Konvergiert nach %1 von %2 Bildern.</translation>
    </message>
    <message>
        <source>Not converged: the last batch still moved %1 of %2 layers by more than 1 %.</source>
        <translation>Nicht konvergiert: Der letzte Stapel bewegte noch %1 von %2 Schichten um mehr als 1 %.</translation>
    </message>
    <message>
        <source>float range %1</source>
        <translation>Bereich in Gleitkomma %1</translation>
    </message>
    <message>
        <source>quantized range %1</source>
        <translation>Quantisierungsbereich %1</translation>
    </message>
    <message>
        <source>resampled %1 to %2, a band of %3</source>
        <translation>neu gezogen %1 bis %2, ein Band von %3</translation>
    </message>
    <message>
        <source>lower end %1 to %2, upper end %3 to %4</source>
        <translation>unteres Ende %1 bis %2, oberes Ende %3 bis %4</translation>
    </message>
    <message>
        <source>clipped %1</source>
        <translation>abgeschnitten %1</translation>
    </message>
    <message>
        <source>clipped %1 of the calibration values</source>
        <translation>abgeschnitten %1 der Kalibrierungswerte</translation>
    </message>
</context>
<context>
    <name>quantoscope::TableController</name>
    <message>
        <source>Cells of the result table</source>
        <translation>Zellen der Ergebnistabelle</translation>
    </message>
    <message>
        <source>Run → Result table… measures the tables of papers, published values beside measured ones.</source>
        <translation>Lauf → Ergebnistabelle… misst die Tabellen von Veröffentlichungen: veröffentlichte Werte neben gemessenen.</translation>
    </message>
    <message>
        <source>Open the cell&apos;s run</source>
        <translation>Lauf der Zelle öffnen</translation>
    </message>
    <message>
        <source>Export table…</source>
        <translation>Tabelle exportieren…</translation>
    </message>
    <message>
        <source>As Markdown, CSV or HDF5</source>
        <translation>Als Markdown, CSV oder HDF5</translation>
    </message>
    <message>
        <source>Every cell is a run: shows its ranges, errors and images (Enter)</source>
        <translation>Jede Zelle ist ein Lauf: zeigt seine Bereiche, Fehler und Bilder (Eingabetaste)</translation>
    </message>
    <message>
        <source>Select a finished cell first.</source>
        <translation>Zuerst eine fertige Zelle wählen.</translation>
    </message>
    <message>
        <source>Result &amp;table…</source>
        <translation>Ergebnis&amp;tabelle…</translation>
    </message>
    <message>
        <source>Models and methods of a paper: published values beside measured ones</source>
        <translation>Modelle und Verfahren einer Veröffentlichung: veröffentlichte Werte neben gemessenen</translation>
    </message>
    <message>
        <source>Export table</source>
        <translation>Tabelle exportieren</translation>
    </message>
    <message>
        <source>Markdown (*.md);;CSV (*.csv);;HDF5 (*.h5)</source>
        <translation>Markdown (*.md);;CSV (*.csv);;HDF5 (*.h5)</translation>
    </message>
</context>
<context>
    <name>quantoscope::TableDialog</name>
    <message>
        <source>Result table</source>
        <translation>Ergebnistabelle</translation>
    </message>
    <message>
        <source>Tables of papers</source>
        <translation>Tabellen von Veröffentlichungen</translation>
    </message>
    <message>
        <source>&amp;Tables</source>
        <translation>&amp;Tabellen</translation>
    </message>
    <message>
        <source>&amp;Add a file…</source>
        <translation>Datei &amp;hinzufügen…</translation>
    </message>
    <message>
        <source>A table of your own: a suite as JSON</source>
        <translation>Eine eigene Tabelle: eine Suite als JSON</translation>
    </message>
    <message>
        <source>Suite</source>
        <translation>Tabelle</translation>
    </message>
    <message>
        <source>Suites (*.json)</source>
        <translation>Suiten (*.json)</translation>
    </message>
    <message>
        <source>Folder of the checkpoints</source>
        <translation>Ordner der Checkpoints</translation>
    </message>
    <message>
        <source>&amp;Checkpoints</source>
        <translation>&amp;Checkpoints</translation>
    </message>
    <message>
        <source>Folder of the images</source>
        <translation>Ordner der Bilder</translation>
    </message>
    <message>
        <source>&amp;Images</source>
        <translation>&amp;Bilder</translation>
    </message>
    <message>
        <source>all</source>
        <translation>alle</translation>
    </message>
    <message>
        <source>At &amp;most</source>
        <translation>&amp;Höchstens</translation>
    </message>
    <message>
        <source>Folder of the finished cells</source>
        <translation>Ordner der fertigen Zellen</translation>
    </message>
    <message>
        <source>Every finished cell is a run file there; what is there already is not run again</source>
        <translation>Jede fertige Zelle ist dort eine Laufdatei; was schon da ist, läuft nicht noch einmal</translation>
    </message>
    <message>
        <source>&amp;Finished cells</source>
        <translation>&amp;Fertige Zellen</translation>
    </message>
    <message>
        <source>Run the table</source>
        <translation>Tabelle messen</translation>
    </message>
    <message>
        <source>Choose: %1</source>
        <translation>Wählen: %1</translation>
    </message>
    <message>
        <source>Choose at least one table.</source>
        <translation>Mindestens eine Tabelle wählen.</translation>
    </message>
    <message>
        <source>Choose the folder that holds the checkpoints.</source>
        <translation>Den Ordner mit den Checkpoints wählen.</translation>
    </message>
    <message>
        <source>Choose the folder of the images.</source>
        <translation>Den Ordner der Bilder wählen.</translation>
    </message>
    <message>
        <source>Choose a folder for the finished cells.</source>
        <translation>Einen Ordner für die fertigen Zellen wählen.</translation>
    </message>
    <message>
        <source>Looking at weights, images and finished cells…</source>
        <translation>Gewichte, Bilder und fertige Zellen werden gesichtet…</translation>
    </message>
    <message>
        <source>%1 of %2 cells to run, %3 are there, %4 lack their weights.</source>
        <translation>%1 von %2 Zellen zu messen, %3 sind da, %4 fehlen die Gewichte.</translation>
    </message>
    <message>
        <source>About %1 at the rate of the finished cells.</source>
        <translation>Etwa %1 bei der Geschwindigkeit der fertigen Zellen.</translation>
    </message>
    <message>
        <source>About %1 at a usual rate; finished cells make this better.</source>
        <translation>Etwa %1 bei üblicher Geschwindigkeit; fertige Zellen machen das genauer.</translation>
    </message>
</context>
<context>
    <name>quantoscope::TapErrorPlot</name>
    <message>
        <source>Layer error</source>
        <translation>Schichtfehler</translation>
    </message>
    <message>
        <source>Run a quantized evaluation to see which channels and tokens lose the most.</source>
        <translation>Eine quantisierte Auswertung ausführen, um zu sehen, welche Kanäle und Token am meisten verlieren.</translation>
    </message>
    <message>
        <source>Select a layer in the model tree or in a plot to see the error of its channels and tokens.</source>
        <translation>Eine Schicht im Modellbaum oder in einem Diagramm auswählen, um den Fehler ihrer Kanäle und Token zu sehen.</translation>
    </message>
    <message>
        <source>No error of %1 was measured per channel: switch on “Measure error per layer” and run again, or choose a quantized layer.</source>
        <translation>Für %1 wurde kein Fehler je Kanal gemessen: „Schichtfehler messen“ einschalten und erneut ausführen oder eine quantisierte Schicht wählen.</translation>
    </message>
    <message>
        <source>Token</source>
        <translation>Token</translation>
    </message>
    <message>
        <source>%1: error per channel and token</source>
        <translation>%1: Fehler je Kanal und Token</translation>
    </message>
    <message>
        <source>Images measured: %1.</source>
        <translation>Gemessene Bilder: %1.</translation>
    </message>
    <message>
        <source>Codes used: %1, entropy %2 bit of %3.</source>
        <translation>Belegte Codes: %1, Entropie %2 von %3 Bit.</translation>
    </message>
    <message>
        <source>Whole network up to here</source>
        <translation>Gesamtes Netz bis hier</translation>
    </message>
    <message>
        <source>This layer alone</source>
        <translation>Nur diese Schicht</translation>
    </message>
    <message>
        <source>alone %1</source>
        <translation>allein %1</translation>
    </message>
    <message>
        <source>network %1</source>
        <translation>Netz %1</translation>
    </message>
</context>
<context>
    <name>quantoscope::TapTreeModel</name>
    <message>
        <source>Open the checkpoint of this run to change bits.</source>
        <translation>Den Checkpoint dieses Laufs öffnen, um Bit zu ändern.</translation>
    </message>
    <message>
        <source>Only re-arranges values that another tap already quantizes, so it has no bits of its own.</source>
        <translation>Ordnet nur Werte um, die ein anderer Messpunkt schon quantisiert, und hat daher keine eigene Bitbreite.</translation>
    </message>
    <message>
        <source>Nothing in this group can be switched.</source>
        <translation>In dieser Gruppe lässt sich nichts umschalten.</translation>
    </message>
    <message>
        <source>mixed</source>
        <translation>gem.</translation>
    </message>
    <message>
        <source>weight</source>
        <translation>Gewicht</translation>
    </message>
    <message>
        <source>%1 values, %2 channels</source>
        <translation>%1 Werte, %2 Kanäle</translation>
    </message>
    <message>
        <source>F float, 8, 6, 4 bits, R what the recipe says</source>
        <translation>F Gleitkomma (float), 8, 6, 4 Bit, R laut Rezept</translation>
    </message>
    <message>
        <source>Changed against the recipe</source>
        <translation>Gegenüber dem Rezept geändert</translation>
    </message>
    <message>
        <source>Blocks, operators and weights in order of execution</source>
        <translation>Blöcke, Operatoren und Gewichte in Ausführungsreihenfolge</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Bits of this value; float means not quantized</source>
        <translation>Bit dieses Werts; float heißt nicht quantisiert</translation>
    </message>
    <message>
        <source>Bits</source>
        <translation>Bit</translation>
    </message>
    <message>
        <source>Quantizer, observer and granularity</source>
        <translation>Quantisierer, Beobachter und Granularität</translation>
    </message>
    <message>
        <source>Setting</source>
        <translation>Einstellung</translation>
    </message>
    <message>
        <source>Signal to quantization noise ratio of this tap&apos;s own rounding and clipping: 10 log10(Σx² / Σ(x−y)²); larger is better</source>
        <translation>Signal-Quantisierungsrausch-Verhältnis allein durch Runden und Abschneiden an diesem Messpunkt: 10 log10(Σx² / Σ(x−y)²); größer ist besser</translation>
    </message>
    <message>
        <source>SQNR of the value in the quantized network against the float network: includes all errors before it</source>
        <translation>SQNR des Werts im quantisierten Netz gegenüber dem Gleitkomma-Netz: enthält alle Fehler davor</translation>
    </message>
    <message>
        <source>Cosine similarity to float, isolated, mean over images</source>
        <translation>Kosinus-Ähnlichkeit zu Gleitkomma, isoliert, über Bilder gemittelt</translation>
    </message>
    <message>
        <source>Cosine</source>
        <translation>Kosinus</translation>
    </message>
    <message>
        <source>Mean squared error against float, isolated</source>
        <translation>Mittlerer quadratischer Fehler gegenüber Gleitkomma, isoliert</translation>
    </message>
    <message>
        <source>MSE</source>
        <translation>MSE</translation>
    </message>
    <message>
        <source>Smallest value seen in calibration</source>
        <translation>Kleinster Wert der Kalibrierung</translation>
    </message>
    <message>
        <source>Minimum</source>
        <translation>Minimum</translation>
    </message>
    <message>
        <source>Largest value seen in calibration</source>
        <translation>Größter Wert der Kalibrierung</translation>
    </message>
    <message>
        <source>Maximum</source>
        <translation>Maximum</translation>
    </message>
    <message>
        <source>SQNR [dB]</source>
        <translation>SQNR [dB]</translation>
    </message>
    <message>
        <source>Net SQNR [dB]</source>
        <translation>Netz-SQNR [dB]</translation>
    </message>
    <message>
        <source>KL divergence of the predictions from float when only this is quantized: of the tap, or of the operator or block that was measured with it</source>
        <translation>KL-Divergenz der Vorhersagen gegenüber Gleitkomma, wenn nur dies quantisiert ist: des Messpunkts oder des Operators oder Blocks, der mit ihm gemessen wurde</translation>
    </message>
    <message>
        <source>KL alone</source>
        <translation>KL allein</translation>
    </message>
    <message>
        <source>Predicted, not measured: the new levels laid over the histogram that the run stored</source>
        <translation>Vorhergesagt, nicht gemessen: die neuen Stufen auf dem Histogramm, das der Lauf gespeichert hat</translation>
    </message>
    <message>
        <source>Predicted, not measured: the measured rounding error scaled with the square of the step</source>
        <translation>Vorhergesagt, nicht gemessen: der gemessene Rundungsfehler, mit dem Quadrat der Schrittweite skaliert</translation>
    </message>
    <message>
        <source>Float: no error of its own</source>
        <translation>Float: kein eigener Fehler</translation>
    </message>
    <message>
        <source>Nothing is stored that predicts this change; run to measure</source>
        <translation>Nichts Gespeichertes sagt diese Änderung vorher; ein Lauf misst sie</translation>
    </message>
</context>
<context>
    <name>quantoscope::Texts</name>
    <message>
        <source>input image</source>
        <translation>Eingabebild</translation>
    </message>
    <message>
        <source>embedding</source>
        <translation>Einbettung</translation>
    </message>
    <message>
        <source>position embedding</source>
        <translation>Positionseinbettung</translation>
    </message>
    <message>
        <source>LayerNorm output</source>
        <translation>LayerNorm-Ausgang</translation>
    </message>
    <message>
        <source>query/key/value</source>
        <translation>Query/Key/Value</translation>
    </message>
    <message>
        <source>attention operand</source>
        <translation>Attention-Operand</translation>
    </message>
    <message>
        <source>attention scores</source>
        <translation>Attention-Scores</translation>
    </message>
    <message>
        <source>attention weights (softmax)</source>
        <translation>Attention-Gewichte (softmax)</translation>
    </message>
    <message>
        <source>attention context</source>
        <translation>Attention-Kontext</translation>
    </message>
    <message>
        <source>projection output</source>
        <translation>Projektionsausgang</translation>
    </message>
    <message>
        <source>fc1 output</source>
        <translation>fc1-Ausgang</translation>
    </message>
    <message>
        <source>GELU output</source>
        <translation>GELU-Ausgang</translation>
    </message>
    <message>
        <source>class token</source>
        <translation>Klassen-Token</translation>
    </message>
    <message>
        <source>logits</source>
        <translation>Logits</translation>
    </message>
    <message>
        <source>weight</source>
        <translation>Gewicht</translation>
    </message>
    <message>
        <source>float</source>
        <translation>float</translation>
    </message>
    <message>
        <source>, integer LayerNorm</source>
        <translation>, ganzzahliges LayerNorm</translation>
    </message>
    <message>
        <source>log2</source>
        <translation>log2</translation>
    </message>
    <message>
        <source>log-int-softmax</source>
        <translation>log-int-softmax</translation>
    </message>
    <message>
        <source>per channel</source>
        <translation>pro Kanal</translation>
    </message>
    <message>
        <source>per tensor</source>
        <translation>pro Tensor</translation>
    </message>
    <message>
        <source>symmetric %1, %2</source>
        <translation>symmetrisch %1, %2</translation>
    </message>
    <message>
        <source>uniform %1, %2</source>
        <translation>gleichförmig %1, %2</translation>
    </message>
    <message>
        <source>Block %1</source>
        <translation>Block %1</translation>
    </message>
    <message>
        <source>Embedding</source>
        <translation>Einbettung</translation>
    </message>
    <message>
        <source>Head</source>
        <translation>Kopf</translation>
    </message>
    <message>
        <source>Opening the model</source>
        <translation>Modell wird geöffnet</translation>
    </message>
    <message>
        <source>Evaluating in float</source>
        <translation>Gleitkomma-Auswertung</translation>
    </message>
    <message>
        <source>Calibrating</source>
        <translation>Kalibrierung</translation>
    </message>
    <message>
        <source>Evaluating quantized</source>
        <translation>Quantisierte Auswertung</translation>
    </message>
    <message>
        <source>Measuring the error per layer</source>
        <translation>Messung der Schichtfehler</translation>
    </message>
    <message>
        <source>The request contradicts itself.</source>
        <translation>Die Anforderung widerspricht sich.</translation>
    </message>
    <message>
        <source>Something that was asked for does not exist.</source>
        <translation>Etwas Angefordertes ist nicht vorhanden.</translation>
    </message>
    <message>
        <source>A file is damaged or is not what its name says.</source>
        <translation>Eine Datei ist beschädigt oder nicht das, was ihr Name sagt.</translation>
    </message>
    <message>
        <source>The file is in order, but this program cannot handle what is in it.</source>
        <translation>Die Datei ist in Ordnung, aber dieses Programm kann ihren Inhalt nicht verarbeiten.</translation>
    </message>
    <message>
        <source>The given data cannot be used.</source>
        <translation>Die angegebenen Daten sind nicht verwendbar.</translation>
    </message>
    <message>
        <source>A file could not be read or written.</source>
        <translation>Eine Datei konnte nicht gelesen oder geschrieben werden.</translation>
    </message>
    <message>
        <source>Stopped on request.</source>
        <translation>Auf Wunsch angehalten.</translation>
    </message>
    <message>
        <source>The program met a situation that it did not expect. Finished results are kept.</source>
        <translation>Das Programm ist auf eine unerwartete Lage gestoßen. Fertige Ergebnisse bleiben erhalten.</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 s</translation>
    </message>
    <message>
        <source>%1 min %2 s</source>
        <translation>%1 min %2 s</translation>
    </message>
    <message>
        <source>%1 h %2 min</source>
        <translation>%1 h %2 min</translation>
    </message>
    <message>
        <source>MinMax: extremes over all calibration batches</source>
        <translation>MinMax: Extremwerte über alle Kalibrier-Batches</translation>
    </message>
    <message>
        <source>EMA: running average of batch extremes; depends on the order and size of batches</source>
        <translation>EMA: gleitender Mittelwert der Batch-Extremwerte; hängt von Reihenfolge und Größe der Batches ab</translation>
    </message>
    <message>
        <source>Percentile: running average of the 99.999 % quantiles of batches; depends on their order and size</source>
        <translation>Percentile: gleitender Mittelwert der 99,999-%-Quantile der Batches; hängt von deren Reihenfolge und Größe ab</translation>
    </message>
    <message>
        <source>OMSE: of 90 shrunk ranges the one with the least squared error in the last batch</source>
        <translation>OMSE: von 90 verkleinerten Bereichen der mit dem kleinsten quadratischen Fehler im letzten Batch</translation>
    </message>
    <message>
        <source>bicubic</source>
        <translation>bikubisch</translation>
    </message>
    <message>
        <source>bilinear</source>
        <translation>bilinear</translation>
    </message>
    <message>
        <source>shorter side %1 px %2, centre %3 px, mean %4, deviation %5</source>
        <translation>kürzere Seite %1 px %2, Mitte %3 px, Mittelwert %4, Abweichung %5</translation>
    </message>
    <message>
        <source>relative position bias</source>
        <translation>relativer Positionsterm</translation>
    </message>
    <message>
        <source>residual stream</source>
        <translation>Residualstrom</translation>
    </message>
    <message>
        <source>mean of the tokens</source>
        <translation>Mittel der Token</translation>
    </message>
    <message>
        <source>Checking</source>
        <translation>Prüfung läuft</translation>
    </message>
    <message>
        <source>Between blocks</source>
        <translation>Zwischen den Blöcken</translation>
    </message>
    <message>
        <source>twin uniform (%1)</source>
        <translation>doppelt gleichmäßig (%1)</translation>
    </message>
    <message>
        <source>per head</source>
        <translation>je Kopf</translation>
    </message>
    <message numerus="yes">
        <source>in %n groups</source>
        <translation>
            <numerusform>in %n Gruppe</numerusform>
            <numerusform>in %n Gruppen</numerusform>
        </translation>
    </message>
    <message>
        <source>Searching intervals</source>
        <translation>Intervalle werden gesucht</translation>
    </message>
    <message>
        <source>Measuring sensitivity</source>
        <translation>Empfindlichkeit wird gemessen</translation>
    </message>
    <message>
        <source>PTQ-for-iTPN: weights and the outputs of linear layers and attention; LayerNorm and residual sums stay float</source>
        <translation>PTQ-for-iTPN: Gewichte sowie Ausgaben linearer Schichten und der Attention; LayerNorm und Residualsummen bleiben in Gleitkomma</translation>
    </message>
    <message>
        <source>TensorFlow port of FQ-ViT: PTF and LIS, squashed pictures, log2 codes without a limit</source>
        <translation>TensorFlow-Fassung von FQ-ViT: PTF und LIS, gestauchte Bilder, log2-Codes ohne Grenze</translation>
    </message>
    <message>
        <source>TinyNeuralNetwork, everything quantized: torch histogram, one scale per tensor</source>
        <translation>TinyNeuralNetwork, alles quantisiert: torch-Histogramm, eine Skala je Tensor</translation>
    </message>
    <message>
        <source>TinyNeuralNetwork Mixed_1: additions and LayerNorm stay float</source>
        <translation>TinyNeuralNetwork Mixed_1: Additionen und LayerNorm bleiben in Gleitkomma</translation>
    </message>
    <message>
        <source>TinyNeuralNetwork Mixed_2: additions, LayerNorm and fc2 of blocks 4 and 5 stay float</source>
        <translation>TinyNeuralNetwork Mixed_2: Additionen, LayerNorm und fc2 der Blöcke 4 und 5 bleiben in Gleitkomma</translation>
    </message>
    <message>
        <source>TensorRT: inputs of convolution, linear layers and the query-key product; symmetric, entropy calibration</source>
        <translation>TensorRT: Eingaben von Faltung, linearen Schichten und Query-Key-Produkt; symmetrisch, Entropie-Kalibrierung</translation>
    </message>
    <message>
        <source>BasePTQ of PTQ4ViT: operands of linear layers and matrix products, symmetric, intervals searched</source>
        <translation>BasePTQ aus PTQ4ViT: Operanden linearer Schichten und Matrixprodukte, symmetrisch, gesuchte Intervalle</translation>
    </message>
    <message>
        <source>PTQ4ViT: twin uniform quantizers for softmax and GELU outputs, intervals searched</source>
        <translation>PTQ4ViT: doppelt gleichmäßige Quantisierer für Softmax- und GELU-Ausgaben, gesuchte Intervalle</translation>
    </message>
    <message>
        <source>both sides %1 px %2, centre %3 px, mean %4, deviation %5</source>
        <translation>beide Seiten %1 px %2, Mitte %3 px, Mittelwert %4, Abweichung %5</translation>
    </message>
    <message>
        <source>LayerNorm inputs</source>
        <translation>LayerNorm-Eingänge</translation>
    </message>
    <message>
        <source>all: %1</source>
        <comment>taps of one role</comment>
        <translation>alle: %1</translation>
    </message>
    <message>
        <source>Output channel</source>
        <translation>Ausgangskanal</translation>
    </message>
    <message>
        <source>Head</source>
        <comment>attention head</comment>
        <translation>Attention-Kopf</translation>
    </message>
    <message>
        <source>Channel</source>
        <translation>Kanal</translation>
    </message>
    <message>
        <source>Reading attention maps</source>
        <translation>Attention-Karten werden gelesen</translation>
    </message>
    <message>
        <source>Least squared error: operands of matrix products, weights per channel, twin grids for softmax and GELU</source>
        <translation>Kleinster quadratischer Fehler: Operanden der Matrixprodukte, Gewichte je Kanal, doppelte Raster für Softmax und GELU</translation>
    </message>
    <message>
        <source>Result table</source>
        <translation>Ergebnistabelle</translation>
    </message>
    <message>
        <source>Token</source>
        <translation>Token</translation>
    </message>
    <message>
        <source>head %1</source>
        <translation>Kopf %1</translation>
    </message>
    <message>
        <source>%1, head %2</source>
        <translation>%1, Kopf %2</translation>
    </message>
    <message>
        <source>channel %1</source>
        <translation>Kanal %1</translation>
    </message>
    <message>
        <source>distillation token</source>
        <translation>Destillations-Token</translation>
    </message>
    <message>
        <source>window %1, row %2, column %3</source>
        <translation>Fenster %1, Zeile %2, Spalte %3</translation>
    </message>
    <message>
        <source>patch in row %1, column %2</source>
        <translation>Bildfeld in Zeile %1, Spalte %2</translation>
    </message>
    <message>
        <source>token %1</source>
        <translation>Token %1</translation>
    </message>
</context>
<context>
    <name>quantoscope::WorstPanel</name>
    <message>
        <source>Images with the largest error</source>
        <translation>Bilder mit dem größten Fehler</translation>
    </message>
    <message>
        <source>Channels with the largest error</source>
        <translation>Kanäle mit dem größten Fehler</translation>
    </message>
    <message>
        <source>Which error</source>
        <translation>Welcher Fehler</translation>
    </message>
    <message>
        <source>Error of this layer alone</source>
        <translation>Fehler dieser Schicht allein</translation>
    </message>
    <message>
        <source>Error of the network up to here</source>
        <translation>Fehler des Netzes bis hierher</translation>
    </message>
    <message>
        <source>%1 of the error · %2 dB</source>
        <translation>%1 des Fehlers · %2 dB</translation>
    </message>
    <message>
        <source>%1 %2: %3</source>
        <comment>channel, index, figures</comment>
        <translation>%1 %2: %3</translation>
    </message>
    <message>
        <source>Nothing is lost here, or it was not measured.</source>
        <translation>Hier geht nichts verloren, oder es wurde nicht gemessen.</translation>
    </message>
    <message>
        <source>No error per image: this is a weight, or the run is of an earlier version.</source>
        <translation>Kein Fehler je Bild: Das ist ein Gewicht, oder der Lauf stammt von einer früheren Version.</translation>
    </message>
</context>
<context>
    <name>quantoscope::SearchLimitBox</name>
    <message>
        <source>at most </source>
        <translation>höchstens </translation>
    </message>
    <message>
        <source> conversions</source>
        <translation> Umwandlungen</translation>
    </message>
    <message>
        <source>any conversions</source>
        <translation>beliebig viele Umwandlungen</translation>
    </message>
    <message>
        <source>Most conversions between precisions</source>
        <translation>Höchstzahl der Umwandlungen zwischen Genauigkeiten</translation>
    </message>
    <message>
        <source>Edges between layers of unlike precision: each is a conversion on an integer device. The front within the limit follows from what was measured; Enter makes the marked point the plan.</source>
        <translation>Kanten zwischen Schichten ungleicher Genauigkeit: Jede ist auf einem Ganzzahlgerät eine Umwandlung. Die Front innerhalb der Grenze folgt aus dem Gemessenen; die Eingabetaste macht den markierten Punkt zum Plan.</translation>
    </message>
    <message>
        <source>This search was made on another model: open its checkpoint first.</source>
        <translation>Diese Suche gehört zu einem anderen Modell: Öffnen Sie zuerst dessen Checkpoint.</translation>
    </message>
    <message>
        <source>Search for mixed precision first.</source>
        <translation>Suchen Sie zuerst gemischte Genauigkeit.</translation>
    </message>
</context>
</TS>
