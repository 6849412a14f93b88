// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/models/plan_editor.h"

#include "core/quantization/plan_edits.h"
#include "views/models/texts.h"

#include <QUndoCommand>
#include <QUndoStack>

namespace quantoscope {

static_assert(kRecipeBits == RecipeBits && PlanRule::kFloat == FloatBits);

namespace {

/// Steps of one spin box become one step, so that undoing does not count down.
constexpr int kFormStep = 1;

} // namespace

/// Holds both states: they are short, and a state can never be half undone.
class PlanEditor::Step : public QUndoCommand {
public:
    Step(PlanEditor &editor, const QString &text, QuantizationRequest after, QString field)
        : QUndoCommand(text),
          m_editor(editor),
          m_before(editor.request()),
          m_after(std::move(after)),
          m_field(std::move(field))
    {
    }
    void undo() override { m_editor.apply(m_before); }
    void redo() override { m_editor.apply(m_after); }
    [[nodiscard]] int id() const override { return m_field.isEmpty() ? -1 : kFormStep; }
    bool mergeWith(const QUndoCommand *other) override
    {
        const auto *next = static_cast<const Step *>(other);
        if (next->m_field != m_field)
            return false;
        m_after = next->m_after;
        setText(next->text());
        setObsolete(m_after == m_before);
        return true;
    }

private:
    PlanEditor &m_editor;
    QuantizationRequest m_before;
    QuantizationRequest m_after;
    QString m_field; ///< of the form; empty for other steps
};

PlanEditor::PlanEditor(QObject *parent) : QObject(parent), m_history(new QUndoStack(this))
{
}

PlanEditor::~PlanEditor()
{
    m_history->disconnect(); // its steps go with it
}

void PlanEditor::setModel(OpenedModelPtr model)
{
    m_model = std::move(model);
    m_request.planJson.clear();
    m_history->clear();
    apply(m_request);
}

void PlanEditor::restore(const QuantizationRequest &request)
{
    m_history->clear();
    apply(request);
}

std::vector<TapSetting> PlanEditor::settingsOf(const QuantizationRequest &request) const
{
    if (!m_model)
        return {};
    auto settings = resolveSettings(m_model->graph, request, m_model->info.inputQuantized);
    return settings ? std::move(*settings) : std::vector<TapSetting>();
}

void PlanEditor::apply(const QuantizationRequest &request)
{
    m_request = request;
    m_settings.clear();
    m_problem.clear();
    if (m_model) {
        auto settings = resolveSettings(m_model->graph, m_request, m_model->info.inputQuantized);
        if (settings)
            m_settings = std::move(*settings);
        else
            m_problem = QString::fromStdString(settings.error().message());
    }
    Q_EMIT changed();
}

QSet<QString> PlanEditor::editedTaps() const
{
    QSet<QString> paths;
    if (!m_model || m_request.planJson.empty())
        return paths;
    QuantizationRequest bare = m_request;
    bare.planJson.clear();
    for (const SettingDifference &difference : settingDifferences(settingsOf(bare), m_settings))
        paths << QString::fromStdString(m_model->graph.taps[static_cast<size_t>(difference.tap)].path);
    return paths;
}

void PlanEditor::push(const QuantizationRequest &after, const QString &text, const QString &field)
{
    if (after == m_request)
        return;
    m_history->push(new Step(*this, text, after, field));
}

bool PlanEditor::setBits(const QStringList &tapPaths, int bits)
{
    if (!m_model || tapPaths.isEmpty())
        return false;
    std::vector<std::string> taps;
    for (const QString &path : tapPaths)
        taps.push_back(path.toStdString());
    const auto plan = withBits(m_model->graph, m_request, m_model->info.inputQuantized, taps, bits);
    if (!plan) {
        Q_EMIT refused(plan.error());
        return false;
    }
    QuantizationRequest after = m_request;
    after.planJson = plan->rules.empty() ? std::string() : planToJson(*plan);
    if (after == m_request)
        return false;
    const QString what = bits == RecipeBits ? tr("recipe bits")
                       : bits == FloatBits  ? tr("float")
                                            : tr("%1 bit").arg(bits);
    const QString which = tapPaths.size() == 1 ? tapPaths.front() : tr("%1 layers").arg(tapPaths.size());
    push(after, tr("%1 to %2", "which layers to which bits").arg(which, what));
    return true;
}

void PlanEditor::setForm(const QuantizationRequest &form)
{
    QuantizationRequest after = form;
    after.planJson = m_request.planJson;
    const QString on = tr("%1 on");
    const QString off = tr("%1 off");
    if (after.recipe != m_request.recipe)
        push(after, tr("recipe %1").arg(QString::fromStdString(after.recipe)), QStringLiteral("recipe"));
    else if (after.ptf != m_request.ptf)
        push(after, (after.ptf ? on : off).arg(QStringLiteral("PTF")));
    else if (after.lis != m_request.lis)
        push(after, (after.lis ? on : off).arg(QStringLiteral("LIS")));
    else if (after.search != m_request.search)
        push(after, (after.search ? on : off).arg(tr("interval search")));
    else
        push(after, tr("bits %1").arg(QString::fromStdString(after.bits.text())), QStringLiteral("bits"));
}

void PlanEditor::replace(const QuantizationRequest &request, const QString &what)
{
    push(request, what);
}

void PlanEditor::discardPlan()
{
    QuantizationRequest bare = m_request;
    bare.planJson.clear();
    push(bare, tr("plan discarded"));
}

QString PlanEditor::differenceFrom(const QuantizationRequest &other) const
{
    std::string text = requestDifferenceText(other, m_request);
    const std::vector<TapSetting> before = settingsOf(other);
    if (m_model && !before.empty() && !m_settings.empty()) {
        text += settingDifferenceText(m_model->graph.taps, before, m_settings);
    } else {
        const auto a = parsePlan(other.planJson, "plan");
        const auto b = parsePlan(m_request.planJson, "plan");
        if (a && b)
            text += ruleDifferenceText(*a, *b);
    }
    return QString::fromStdString(text);
}

} // namespace quantoscope
