"""The names of XMP's schemas that speak of people."""

from __future__ import annotations

from typing import Final

MWG_RS: Final = "http://www.metadataworkinggroup.com/schemas/regions/"
ST_AREA: Final = "http://ns.adobe.com/xmp/sType/Area#"
ST_DIM: Final = "http://ns.adobe.com/xap/1.0/sType/Dimensions#"

REGIONS: Final = f"{{{MWG_RS}}}Regions"
REGION_LIST: Final = f"{{{MWG_RS}}}RegionList"
APPLIED_TO: Final = f"{{{MWG_RS}}}AppliedToDimensions"
AREA: Final = f"{{{MWG_RS}}}Area"
NAME: Final = f"{{{MWG_RS}}}Name"
TYPE: Final = f"{{{MWG_RS}}}Type"
FACE: Final = "Face"
"""The type of region that shows a face; others are Pet, Focus and BarCode."""

MP_INFO: Final = "{http://ns.microsoft.com/photo/1.2/}RegionInfo"
MP_REGIONS: Final = "{http://ns.microsoft.com/photo/1.2/t/RegionInfo#}Regions"
MP_NAME: Final = "{http://ns.microsoft.com/photo/1.2/t/Region#}PersonDisplayName"
MP_RECTANGLE: Final = "{http://ns.microsoft.com/photo/1.2/t/Region#}Rectangle"

KEYWORD_PATHS: Final = {
    "{http://ns.adobe.com/lightroom/1.0/}hierarchicalSubject": "|",
    "{http://www.digikam.org/ns/1.0/}TagsList": "/",
    "{http://ns.microsoft.com/photo/1.0/}LastKeywordXMP": "/",
    "{http://ns.microsoft.com/photo/1.0}LastKeywordXMP": "/",
}
"""Keywords that are paths, such as ``People|Ana``, and what stands between their parts."""

PERSON_IN_IMAGE: Final = "{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}PersonInImage"
"""IPTC's list of the people shown (IPTC Photo Metadata Standard, Person Shown in the Image)."""

PEOPLE_KEYWORD: Final = "people"
"""The first part of a path that leads to a person, in lower case."""


def area(field: str) -> str:
    """The qualified name of a field of a region's area: x, y, w, h, d or unit."""
    return f"{{{ST_AREA}}}{field}"


def dimension(field: str) -> str:
    """The qualified name of a field of a picture's dimensions: w, h or unit."""
    return f"{{{ST_DIM}}}{field}"
