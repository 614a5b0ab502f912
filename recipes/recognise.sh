#!/bin/bash
# How the published recogniser came about: collects what it learns from, teaches it and measures it. Started again, it
# goes on.
#
#     recipes/recognise.sh CORPUS INGREDIENTS RENDERED WORK
#
# CORPUS holds songs in the plain layout with the splits train, valid, test and demo; INGREDIENTS what `wavemix render`
# plays, with compositions in midi/; RENDERED songs that it made. Beforehand:
#
#     apt install fluidsynth fluid-soundfont-gm timgm6mb-soundfont musescore-general-soundfont-small \
#         hydrogen-drumkits hydrogen-drumkits-effects hydrogen-data sonic-pi-samples klettres-data \
#         fretsonfire-songs-muldjord fretsonfire-songs-sectoid npm
set -euo pipefail
corpus=$1 ingredients=$2 rendered=$3 work=$4
notes=$work/notes shots=$work/shots songs=$work/songs
mkdir -p "$work" "$notes" "$shots" "$songs"

numbered() { # numbered NAME FILE...: files under a folder that tells what they are
    local folder=$shots/$1 number=0 file
    mkdir -p "$folder"
    for file in "${@:2}"; do
        number=$((number + 1))
        cp "$file" "$folder/$(printf %02d $number).${file##*.}"
    done
}

# Recorded notes (tonejs-instruments, CC-BY 3.0): a package an instrument, a file a note.
while read -r package name; do
    [ -e "$notes/$name" ] && continue
    archive=$(cd "$work" && npm pack --silent "tonejs-instrument-$package-mp3")
    tar -xzf "$work/$archive" -C "$work"
    mkdir "$work/package/notes"
    mv "$work"/package/*.mp3 "$work/package/notes"
    mv "$work/package/notes" "$notes/$name"
    rm -r "$work/package" "$work/$archive"
done <<'END'
guitar-electric Electric Guitar
guitar-acoustic Acoustic Guitar
guitar-nylon Nylon Guitar
bass-electric Electric Bass
contrabass Contrabass
cello Cello
violin Violin
harp Harp
piano Piano
organ Organ
harmonium Harmonium
xylophone Xylophone
flute Flute
clarinet Clarinet
bassoon Bassoon
saxophone Saxophone
trumpet Trumpet
french-horn French Horn
trombone Trombone
tuba Tuba
END

# One-shots and loops of Sonic Pi (CC0), by what they are.
pi=/usr/share/sonic-pi/samples
numbered Kick $pi/bd_* $pi/elec_*kick*
numbered Snare $pi/sn_* $pi/elec_*snare*
numbered Toms $pi/drum_tom*
numbered Percussion $pi/tabla_* $pi/perc_{bell,snap,till}* $pi/elec_{wood,bong,ping}*
numbered Kit $pi/loop_{amen,amen_full,breakbeat,compus,industrial,mehackit1,mehackit2,mika,perc1,perc2,safari}.flac
numbered Bass $pi/bass_{dnb_f,hard_c,hit_c,thick_c,trance_c,voxy_c,voxy_hit_c,woodsy_c}.flac
numbered "Electric Guitar" $pi/guit_{e_fifths,em9,harmonics}.flac
numbered Effects $pi/ambi_{dark_woosh,drone,glass_hum,glass_rub,haunted_hum,lunar_land,sauna,soft_buzz,swoosh}.flac \
    $pi/glitch_* $pi/misc_* $pi/vinyl_* $pi/mehackit_* $pi/perc_{swoosh,door,impact}* \
    $pi/elec_{beep,blip,blip2,blup,flip,plip,pop,tick,twip}.flac $pi/loop_{3d_printer,drone_g_97,weirdo}.flac

# Spoken syllables of many languages (KLettres, GPL-2.0), a speaker a folder.
for speaker in /usr/share/klettres/*/; do
    mapfile -t spoken < <(find "$speaker" -name '*.ogg' | LC_ALL=C sort | head -n 60)
    [ "${#spoken[@]}" -ge 15 ] && numbered "Voice $(basename "$speaker")" "${spoken[@]}"
done

# Strums of an acoustic guitar, which are among the drum kits.
kits=/usr/share/hydrogen/data/drumkits
ln -sfn $kits/belofilms_GuitarStrums "$work/Acoustic Guitar"

# The guitars of songs for Frets on Fire, by Muldjord (CC-BY-SA 3.0) and Sectoid (MIT).
for guitar in /usr/share/games/fretsonfire/data/songs/*/*/guitar.ogg; do
    song=$songs/fof_$(basename "$(dirname "$guitar")" | tr 'A-Z ' 'a-z-')
    mkdir -p "$song/raw/other"
    cp "$guitar" "$song/raw/other/01_distorted-electric-guitar.ogg"
    [[ $guitar == */sectoid/* ]] && licence=MIT || licence=CC-BY-SA-3.0
    printf 'title: %s\nlicence: %s\nsplit: train\n' "$(basename "$song")" $licence > "$song/song.yaml"
done

given=(--songs "$corpus" --songs "$rendered" --songs "$songs")
given+=(--held-out evr_francium --held-out lmms_capdan-zerosumgame-originalbyzakarra)
given+=(--soundfont /usr/share/sounds/sf2/FluidR3_GM.sf2 --soundfont /usr/share/sounds/sf3/MuseScore_General_Lite.sf3)
given+=(--soundfont /usr/share/sounds/sf2/TimGM6mb.sf2 --one-shots "$shots" --one-shots "$work/Acoustic Guitar")
for kit in $kits/*/; do
    [[ $kit == *GuitarStrums* ]] || given+=(--one-shots "$kit")
done
for instrument in "$notes"/*/; do
    given+=(--instrument "$instrument")
done
make() { # make NAME TAKES OPTION...
    [ -e "$work/material/$1" ] && return
    wavemix recogniser material "$work/material/$1" --ingredients "$ingredients" --takes "$2" "${@:3}"
}
make songs 8 "${given[@]}" --only songs
make soundfonts 3 "${given[@]}" --only soundfonts
make soundfonts-2 3 "${given[@]}" --only soundfonts --seed 70
make kits 5 "${given[@]}" --only kits
make drummer 5 "${given[@]}" --only drummer,strings
make samplers 8 "${given[@]}" --only samplers
make one-shots 6 "${given[@]}" --only one-shots
make singers 6 "${given[@]}" --only singers
make grains 6 "${given[@]}" --only grains
make synthesiser 8 "${given[@]}" --only synthesiser
make strums 24 --one-shots "$work/Acoustic Guitar" --one-shots "$shots/Effects" --one-shots "$shots/Electric Guitar" \
    --one-shots "$shots/Bass" --only one-shots --seed 9

wavemix recogniser train "$work"/material/* -o "$work/recognise" --seed 1
wavemix recogniser measure "$corpus"/{valid,test,demo} --weights "$work/recognise" --write
