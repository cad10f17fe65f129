"""The currencies of ISO 4217 with their decimal places, and what people call some of them."""

from __future__ import annotations

from typing import Final

__all__ = ["COMMON_NAMES", "CURRENCIES"]

WITHOUT: Final = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
WITH_TWO: Final = (
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE "
    "CHF CHW CNY COP COU CRC CUC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD "
    "HNL HRK HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP "
    "MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR "
    "SDG SEK SGD SHP SLE SLL SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED "
    "VES WST XAG XAU XCD XCG XDR XPD XPT XSU XTS XUA XXX YER ZAR ZMW ZWG ZWL"
)
WITH_THREE: Final = "BHD IQD JOD KWD LYD OMR TND"
WITH_FOUR: Final = "CLF UYW"
CURRENCIES: Final = {
    code: decimals
    for decimals, codes in ((0, WITHOUT), (2, WITH_TWO), (3, WITH_THREE), (4, WITH_FOUR))
    for code in codes.split()
}
"""Decimal places by code; codes that ended lately are among them, for histories that begin before."""
COMMON_NAMES: Final = {"RMB": "CNY", "CNH": "CNY", "NTD": "TWD", "UKP": "GBP", "STG": "GBP", "YEN": "JPY", "SFR": "CHF"}
"""Codes that are none, and what is meant by them."""
