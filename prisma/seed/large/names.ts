/** Given and family names, written as their bearers write them, and how many of a hundred learners bear one of these. */
const origins: readonly (readonly [share: number, given: string, family: string, order?: 'family first'])[] = [
  [
    34,
    'Olivia Noah Charlotte Henry Amelia Leo Grace William Ella Thomas Sienna Hugo',
    'Ashby Brannigan Colley Draycott Elphick Farnham Gatward Hurst Inglis Kemble Lockhart Merrick',
  ],
  [12, 'Linh Huy Ngọc Tuấn Phương Đức Thảo Khang', 'Nguyễn Trần Lê Phạm Huỳnh Võ Đặng Bùi'],
  [12, 'Arjun Diya Vihaan Aanya Reyansh Kiara Ishaan Myra', 'Sharma Patel Iyer Gurung Fernando Reddy Chaudhary Perera'],
  [9, '芳 伟 佳怡 敏 静 磊 婷 浩然', '王 李 张 刘 陈 杨 黄 周', 'family first'],
  [5, 'محمد فاطمة علي مريم حسن زينب عمر نور', 'حداد خوري منصور سليمان درويش نجار'],
  [5, 'Γιώργος Ελένη Νίκος Σοφία Δημήτρης Άννα', 'Παπαδάκης Αντωνίου Γεωργίου Μακρής Κώστας'],
  [4, '민준 서연 지후 하은 도윤 수아', '김 이 박 최 정 강', 'family first'],
  [4, 'Анастасия Дмитрий Олена Богдан Мария Никола', 'Коваленко Петровић Бондар Ткаченко Шевчук'],
  [3, 'อรทัย ธนพล พิมพ์ชนก กิตติ', 'ศรีสุข ทองดี แสงจันทร์ วงศ์ใหญ่'],
  [3, 'सुनीता राजेश प्रिया अमित', 'थापा गुरुङ श्रेष्ठ राई'],
  [5, 'Malia Tevita Sefina Ioane Hinemoa Rangi', 'Fonoti Leavasa Tupou Waititi-Ross Taumoepeau Henare'],
  [4, 'Ayaan Fadumo Samuel Adaeze Tigist Kofi', 'Abdi Okeke Tadesse Boateng Warsame Mwangi'],
]

/** Full names in such numbers that picking one at random gives every origin its share. */
export const learnerNames: readonly string[] = origins.flatMap(([share, given, family, order]) => {
  const pairs = given
    .split(' ')
    .flatMap((first) => family.split(' ').map((last) => (order ? `${last}${first}` : `${first} ${last}`)))
  return Array.from({ length: share * 40 }, (_, n) => pairs[(n * 7) % pairs.length]!)
})
