// SPDX-License-Identifier: GPL-3.0-or-later
// Only + - * /, sqrt, floor and comparisons on doubles: IEEE 754 rounds these the same everywhere, unlike sin or
// atan2. The file is compiled without contraction to fused multiply-add for the same reason.
#include "core/demo/demo_images.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace quantoscope {
namespace {

constexpr double size = demoImageSize;

struct Point {
    double x = 0;
    double y = 0;
};

/// R, G, B on the scale 0..255, not yet rounded.
using Colour = std::array<double, 3>;

/// splitmix64 (G. Steele, D. Lea, C. Flood 2014).
class Random {
public:
    explicit Random(uint64_t seed) : m_state(seed) {}
    uint64_t next()
    {
        m_state += 0x9e3779b97f4a7c15U;
        uint64_t z = m_state;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
        return z ^ (z >> 31);
    }
    /// Uniform in [low, high).
    double between(double low, double high)
    {
        return low + (high - low) * (static_cast<double>(next() >> 11) / 9007199254740992.0);
    }
    /// Uniform in 0..count-1; the bias of the remainder is far below what a picture can show.
    int below(int count) { return static_cast<int>(next() % static_cast<uint64_t>(count)); }

private:
    uint64_t m_state;
};

double fraction(double t)
{
    return t - std::floor(t);
}

/// A smooth wave of period 1 and height 1 made of parabolas, in place of sin(2 pi t).
double wave(double t)
{
    const double f = fraction(t);
    return f < 0.5 ? 16 * f * (0.5 - f) : -16 * (f - 0.5) * (1 - f);
}

/// Unit vector at about `turn` turns from the x axis; exactly of length 1 within rounding.
Point direction(double turn)
{
    const Point p = {wave(turn + 0.25), wave(turn)};
    const double length = std::sqrt(p.x * p.x + p.y * p.y);
    return {p.x / length, p.y / length};
}

/// Angle of p in turns, -0.5..0.5, to about 0.001: atan(r) ~ r (pi/4 + 0.273 (1 - r)) in each octant.
double angle(Point p)
{
    const double ax = std::abs(p.x);
    const double ay = std::abs(p.y);
    const double longer = std::max(ax, ay);
    if (longer <= 0)
        return 0;
    const double ratio = std::min(ax, ay) / longer;
    double turn = ratio * (0.125 + 0.04345 * (1 - ratio));
    if (ay > ax)
        turn = 0.25 - turn;
    if (p.x < 0)
        turn = 0.5 - turn;
    return p.y < 0 ? -turn : turn;
}

/// One object in coordinates where it fills the unit disk. Lengths of patterns are drawn in pixels and divided by the
/// radius, so that a pattern is as coarse in a small object as in a large one.
struct Object {
    DemoClass demoClass = DemoClass::Disk;
    double period = 0;    ///< of the pattern, in unit-disk lengths
    double phase = 0;     ///< 0..1
    double duty = 0;      ///< share of a period that is filled
    double thickness = 0; ///< half width of the cross's arms; how far the crescent's hole is off centre
    double turns = 0;     ///< waves along the unit length
    double hand = 1;      ///< +1 or -1: which way a pinwheel turns

    [[nodiscard]] bool contains(Point p) const;

private:
    [[nodiscard]] bool stripeAt(double position) const { return fraction(position / period + phase) < duty; }
};

/// A point lies in a five-pointed star when it is on the inner side of at least four of its five edges' lines.
bool inStar(Point p)
{
    constexpr std::array<Point, 5> normals = {{{0.0, 1.0},
                                               {0.9510565162951535, 0.3090169943749474},
                                               {0.5877852522924731, -0.8090169943749475},
                                               {-0.5877852522924731, -0.8090169943749475},
                                               {-0.9510565162951535, 0.3090169943749474}}};
    const auto inside = [p](Point n) { return n.x * p.x + n.y * p.y < 0.34; };
    return std::count_if(normals.begin(), normals.end(), inside) >= 4;
}

bool Object::contains(Point p) const
{
    const double radius = std::sqrt(p.x * p.x + p.y * p.y);
    if (radius >= 1)
        return false;
    switch (demoClass) {
    case DemoClass::Disk:
        return radius < 0.88;
    case DemoClass::Square:
        return std::max(std::abs(p.x), std::abs(p.y)) < 0.7;
    case DemoClass::Triangle:
        return p.y > -0.5 && 0.8660254037844386 * std::abs(p.x) + 0.5 * p.y < 0.5;
    case DemoClass::Star:
        return inStar(p);
    case DemoClass::Cross:
        return std::min(std::abs(p.x), std::abs(p.y)) < thickness;
    case DemoClass::Crescent: {
        const double dx = p.x - thickness - 0.22;
        return radius < 0.95 && dx * dx + p.y * p.y > 0.64;
    }
    case DemoClass::Stripes:
        return stripeAt(p.x);
    case DemoClass::Waves:
        return stripeAt(p.x + 0.38 * period * wave(p.y * turns));
    case DemoClass::Checkerboard:
        return (fraction(p.x / period + phase) < 0.5) == (fraction(p.y / period + phase) < 0.5);
    case DemoClass::Dots: {
        const double dx = fraction(p.x / period + phase) - 0.5;
        const double dy = fraction(p.y / period + phase) - 0.5;
        return dx * dx + dy * dy < 0.1;
    }
    case DemoClass::Rings:
        return stripeAt(radius);
    case DemoClass::Pinwheel:
        return fraction(4 * angle(p) + hand * 0.5 * radius + phase) < 0.5;
    }
    return false;
}

/// Draws the object's own numbers. Every class draws all of them, whether it uses them or not.
Object randomObject(DemoClass demoClass, double radius, Random &random)
{
    Object object;
    object.demoClass = demoClass;
    object.period = random.between(6.5, 11.0) / radius;
    object.phase = random.between(0, 1);
    object.duty = random.between(0.4, 0.6);
    object.thickness = random.between(0.2, 0.32);
    object.turns = radius / random.between(11.0, 18.0);
    object.hand = random.below(2) == 0 ? 1 : -1;
    return object;
}

/// Grey of the given lightness, tinted by up to `tint` per channel.
Colour randomColour(double lightness, double tint, Random &random)
{
    Colour colour{};
    for (double &channel : colour)
        channel = std::clamp(lightness + random.between(-tint, tint), 0.0, 255.0);
    return colour;
}

/// A short bar over or beside the object, to be ignored.
struct Clutter {
    Point centre;
    Point along;
    double halfLength = 0;
    double halfWidth = 0;
    Colour colour{};

    [[nodiscard]] bool contains(Point p) const
    {
        const Point d = {p.x - centre.x, p.y - centre.y};
        return std::abs(d.x * along.x + d.y * along.y) < halfLength
               && std::abs(d.y * along.x - d.x * along.y) < halfWidth;
    }
};

} // namespace

const char *name(DemoClass demoClass)
{
    switch (demoClass) {
    case DemoClass::Disk: return "disk";
    case DemoClass::Square: return "square";
    case DemoClass::Triangle: return "triangle";
    case DemoClass::Star: return "star";
    case DemoClass::Cross: return "cross";
    case DemoClass::Crescent: return "crescent";
    case DemoClass::Stripes: return "stripes";
    case DemoClass::Waves: return "waves";
    case DemoClass::Checkerboard: return "checkerboard";
    case DemoClass::Dots: return "dots";
    case DemoClass::Rings: return "rings";
    case DemoClass::Pinwheel: return "pinwheel";
    }
    return "";
}

uint64_t demoSeed(DemoSet set, uint32_t index)
{
    return (static_cast<uint64_t>(set) << 32) | index;
}

std::vector<uint8_t> drawDemoImage(DemoClass demoClass, uint64_t seed)
{
    // Two rounds through the generator separate neighbouring seeds and classes.
    Random random(Random(seed).next() ^ Random(0x51ed2701U + static_cast<uint64_t>(demoClass)).next());

    const double radius = random.between(17.0, 26.0);
    const Object object = randomObject(demoClass, radius, random);
    const double reach = std::min(7.0, size / 2 - radius + 2); // may stick out by two pixels
    const double centreX = size / 2 + random.between(-reach, reach);
    const double centreY = size / 2 + random.between(-reach, reach);
    const Point axis = direction(random.between(-0.08, 0.08));
    const double stretch = random.between(0.86, 1.0);
    const double shear = random.between(-0.12, 0.12);

    const double lightness = random.between(50, 205);
    const double contrast = random.between(50, 110);
    const bool brighter = lightness + contrast > 235 ? false : lightness - contrast < 20 || random.below(2) == 0;
    const Colour background = randomColour(lightness, 30, random);
    const Colour foreground = randomColour(brighter ? lightness + contrast : lightness - contrast, 30, random);
    const Point slope = direction(random.between(0, 1));
    const double slopeHeight = random.between(0, 34) / size;
    const double grain = random.between(0, 12);

    std::vector<Clutter> clutter(static_cast<size_t>(random.below(4)));
    for (Clutter &bar : clutter) {
        bar.centre.x = random.between(0, size);
        bar.centre.y = random.between(0, size);
        bar.along = direction(random.between(0, 1));
        bar.halfLength = random.between(3, 8);
        bar.halfWidth = random.between(0.8, 2.2);
        bar.colour = randomColour(random.between(40, 215), 30, random);
    }

    constexpr int samples = 3; // per axis and pixel, against jagged edges
    std::vector<uint8_t> pixels;
    pixels.reserve(static_cast<size_t>(demoImageSize) * demoImageSize * 3);
    for (int row = 0; row < demoImageSize; ++row) {
        for (int column = 0; column < demoImageSize; ++column) {
            int hits = 0;
            for (int sample = 0; sample < samples * samples; ++sample) {
                const double x = column + (sample % samples + 0.5) / samples - centreX;
                const double y = row + (sample / samples + 0.5) / samples - centreY;
                const Point turned = {(x * axis.x + y * axis.y) / radius, (y * axis.x - x * axis.y) / radius};
                hits += object.contains({turned.x + shear * turned.y, turned.y / stretch}) ? 1 : 0;
            }
            const double cover = static_cast<double>(hits) / (samples * samples);
            const Point pixel = {column + 0.5, row + 0.5};
            const double shade = slopeHeight * ((pixel.x - size / 2) * slope.x + (pixel.y - size / 2) * slope.y);
            // Three-valued grain, the same in all channels: visible to the network, cheap to compress.
            const double speckle = grain * (random.below(3) - 1);
            Colour colour{};
            for (size_t c = 0; c < 3; ++c)
                colour[c] = background[c] + (foreground[c] - background[c]) * cover;
            for (const Clutter &bar : clutter)
                if (bar.contains(pixel))
                    colour = bar.colour;
            for (const double channel : colour) {
                // Steps of five grey levels halve the size of the PNG files.
                const double level = std::floor((channel + shade + speckle) / 5 + 0.5) * 5;
                pixels.push_back(static_cast<uint8_t>(std::clamp(level, 0.0, 255.0)));
            }
        }
    }
    return pixels;
}

} // namespace quantoscope
